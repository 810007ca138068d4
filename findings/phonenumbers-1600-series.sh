#!/usr/bin/env bash
# Banks of India call from the numbers of a series that begins with 1600. The metadata has them as mobiles,
# which begin with 6 to 9 in India. The toll-free series 1800 beside it is known for what it is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install phonenumbers==9.0.43
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys

import phonenumbers
from phonenumbers import PhoneNumberType

types = {value: name for name, value in vars(PhoneNumberType).items() if isinstance(value, int)}
found = {text: types[phonenumbers.number_type(phonenumbers.parse(text))] for text in ("+911600123456", "+911800123456", "+919812345678")}
print(f"phonenumbers {phonenumbers.__version__}: expected another type for the first than for a mobile")
print(found)
sys.exit(not (found["+911600123456"] == "MOBILE" and found["+911800123456"] == "TOLL_FREE"))
PYTHON
