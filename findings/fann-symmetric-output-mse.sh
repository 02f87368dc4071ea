#!/usr/bin/env bash
# FANN 2.2.0 (Debian 12, libfann2 2.2.0+ds-8)
#
# The mean squared error that FANN reports is a quarter of the mean of (target - output)^2 where the output's activation
# is a symmetric one (range -1 to 1), and the whole of it for all others. Learning curves and stop errors of two networks
# that differ in the activation of their output therefore can't be laid over each other, nor beside another program's.
#
# Seen:
#   symmetric sigmoid 0.250
#   sigmoid 1.000
#   linear 1.000
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq -o APT::Sandbox::User=root libfann2=2.2.0+ds-8 libfann-dev=2.2.0+ds-8
for package in *.deb; do dpkg -x "$package" root; done
libraries=$(dirname "$(find root -name libdoublefann.so.2)")

cat > mse.c <<'C'
#include <doublefann.h>
#include <stdio.h>

static void ratio(const char *name, enum fann_activationfunc_enum activation)
{
  struct fann *network = fann_create_standard(3, 2, 3, 1);
  double row[2] = {0.3, -0.7}, target = 1;
  fann_set_activation_function_output(network, activation);
  double departure = target - fann_run(network, row)[0];
  fann_reset_MSE(network);
  fann_test(network, row, &target);
  printf("%s %.3f\n", name, fann_get_MSE(network) / (departure * departure));
  fann_destroy(network);
}

int main(void)
{
  ratio("symmetric sigmoid", FANN_SIGMOID_SYMMETRIC);
  ratio("sigmoid", FANN_SIGMOID);
  ratio("linear", FANN_LINEAR);
}
C
gcc mse.c -I root/usr/include -L "$libraries" -ldoublefann -lm -o mse
LD_LIBRARY_PATH=$libraries ./mse | tee seen
diff seen - <<'SEEN'
symmetric sigmoid 0.250
sigmoid 1.000
linear 1.000
SEEN
