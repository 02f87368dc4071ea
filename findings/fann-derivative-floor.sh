#!/usr/bin/env bash
# FANN 2.2.0 (Debian 12, libfann2 2.2.0+ds-8)
#
# FANN limits the output of a sigmoid to 0.01..0.99 before it computes the derivative y (1 - y). A saturated unit thus
# never has a derivative below 0.0099: at a weighted sum of 16 the step is some 88,000 times that of the true gradient.
# Its gradients can't be checked against finite differences, and a network trained by it leaves plateaus that plain
# backpropagation stays on; whoever compares engines step by step finds them apart from the first saturated unit on.
#
# Below: one unit y = 1 / (1 + exp(-z)), input and bias 1, target 0, learning rate 1, one step with the linear error
# function; "step" is the change of the weight, "gradient" is y * y (1 - y).
#
# Seen:
#   z 1: step -0.14373, gradient -0.14373
#   z 4: step -0.01735, gradient -0.01735
#   z 8: step -0.00990, gradient -0.00034
#   z 16: step -0.00990, gradient -0.00000
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq -o APT::Sandbox::User=root libfann2=2.2.0+ds-8 libfann-dev=2.2.0+ds-8
for package in *.deb; do dpkg -x "$package" root; done
libraries=$(dirname "$(find root -name libdoublefann.so.2)")

cat > step.c <<'C'
#include <doublefann.h>
#include <stdio.h>

static void step(double z)
{
  struct fann *unit = fann_create_standard(2, 1, 1);
  struct fann_connection weights[2];
  double row = 1, target = 0;
  fann_set_activation_function_output(unit, FANN_SIGMOID);
  fann_set_train_error_function(unit, FANN_ERRORFUNC_LINEAR);
  fann_set_training_algorithm(unit, FANN_TRAIN_INCREMENTAL);
  fann_set_learning_rate(unit, 1);
  fann_get_connection_array(unit, weights);
  weights[0].weight = weights[1].weight = z / 2;
  fann_set_weight_array(unit, weights, 2);
  double y = fann_run(unit, &row)[0];
  fann_train(unit, &row, &target);
  fann_get_connection_array(unit, weights);
  printf("z %g: step %.5f, gradient %.5f\n", z, weights[0].weight - z / 2, -y * y * (1 - y));
  fann_destroy(unit);
}

int main(void)
{
  step(1);
  step(4);
  step(8);
  step(16);
}
C
gcc step.c -I root/usr/include -L "$libraries" -ldoublefann -lm -o step
LD_LIBRARY_PATH=$libraries ./step | tee seen
diff seen - <<'SEEN'
z 1: step -0.14373, gradient -0.14373
z 4: step -0.01735, gradient -0.01735
z 8: step -0.00990, gradient -0.00034
z 16: step -0.00990, gradient -0.00000
SEEN
