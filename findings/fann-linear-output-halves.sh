#!/usr/bin/env bash
# FANN 2.2.0 (Debian 12, libfann2 2.2.0+ds-8)
#
# Each unit has a steepness s that multiplies its weighted sum, 0.5 by default, and the linear activation takes it too: a
# fresh linear output gives half of w x + b, and the symmetric sigmoid tanh(z / 2) rather than tanh(z). Weights copied
# out of a FANN network, or into one, are off by a factor of two unless the steepness is carried along; only for the
# plain sigmoid the default makes the textbook's 1 / (1 + exp(-z)), since that one is computed from 2 s z.
#
# Seen (weight 3, bias 1, input 1, hence z = 4):
#   linear 2.0000
#   sigmoid 0.9820, of which 1 / (1 + exp(-4)) is 0.9820
#   symmetric 0.9640, of which tanh(4) is 0.9993 and tanh(2) 0.9640
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq -o APT::Sandbox::User=root libfann2=2.2.0+ds-8 libfann-dev=2.2.0+ds-8
for package in *.deb; do dpkg -x "$package" root; done
libraries=$(dirname "$(find root -name libdoublefann.so.2)")

cat > unit.c <<'C'
#include <doublefann.h>
#include <math.h>
#include <stdio.h>

static double output(enum fann_activationfunc_enum activation)
{
  struct fann *unit = fann_create_standard(2, 1, 1);
  struct fann_connection weights[2];
  double row = 1;
  fann_set_activation_function_output(unit, activation);
  fann_get_connection_array(unit, weights);
  weights[0].weight = 3;
  weights[1].weight = 1;
  fann_set_weight_array(unit, weights, 2);
  double y = fann_run(unit, &row)[0];
  fann_destroy(unit);
  return y;
}

int main(void)
{
  printf("linear %.4f\n", output(FANN_LINEAR));
  printf("sigmoid %.4f, of which 1 / (1 + exp(-4)) is %.4f\n", output(FANN_SIGMOID), 1 / (1 + exp(-4)));
  printf("symmetric %.4f, of which tanh(4) is %.4f and tanh(2) %.4f\n", output(FANN_SIGMOID_SYMMETRIC), tanh(4), tanh(2));
}
C
gcc unit.c -I root/usr/include -L "$libraries" -ldoublefann -lm -o unit
LD_LIBRARY_PATH=$libraries ./unit | tee seen
diff seen - <<'SEEN'
linear 2.0000
sigmoid 0.9820, of which 1 / (1 + exp(-4)) is 0.9820
symmetric 0.9640, of which tanh(4) is 0.9993 and tanh(2) 0.9640
SEEN
