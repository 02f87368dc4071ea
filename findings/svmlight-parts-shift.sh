#!/usr/bin/env bash
# scikit-learn 1.2.1 (Debian 12, python3-sklearn 1.2.1+dfsg-1), the LIBSVM / SVMlight text format
#
# The format does not say whether its column numbers begin at 0 or at 1, and load_svmlight_file guesses for each file by
# itself: at 0 if a 0 occurs in it, else at 1. The rows of one table, written in two files (training and test, or in
# pieces), are thereby read into different columns where only one of the files has a value in its first column: the
# columns of the other are shifted by one, without a word, and giving the number of columns does not help.
#
# Below: the same row "1:2 2:3" of a table of three columns that begins at 0, once beside a row that has a value in
# column 0 and once in a file of its own.
#
# Seen:
#   beside it: [0.0, 2.0, 3.0]
#   on its own: [2.0, 3.0, 0.0]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq -o APT::Sandbox::User=root python3-sklearn=1.2.1+dfsg-1 python3-sklearn-lib=1.2.1+dfsg-1 \
  python3-numpy=1:1.24.2-1+deb12u1 python3-scipy=1.10.1-2 python3-joblib python3-threadpoolctl python3-decorator \
  python3-pythran python3-beniget python3-gast python3-ply libblas3 liblapack3 libgfortran5 libquadmath0 liblbfgsb0
for package in *.deb; do dpkg -x "$package" root; done
system=$(dirname "$(find "$PWD/root/usr/lib" -name 'libgfortran.so.5')")
export PYTHONPATH=$PWD/root/usr/lib/python3/dist-packages LD_LIBRARY_PATH=$system:$system/blas:$system/lapack

cat > parts.py <<'PY'
from io import BytesIO
from sklearn.datasets import load_svmlight_file

def last_row(text):
    return load_svmlight_file(BytesIO(text), n_features=3)[0].toarray()[-1].tolist()

print("beside it:", last_row(b"1 0:5\n-1 1:2 2:3\n"))
print("on its own:", last_row(b"-1 1:2 2:3\n"))
PY
/usr/bin/python3 parts.py | tee seen
diff seen - <<'SEEN'
beside it: [0.0, 2.0, 3.0]
on its own: [2.0, 3.0, 0.0]
SEEN
