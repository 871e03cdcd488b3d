# shellcheck disable=all
# Cases of the rule for scripts in scripts.yaml.
# ruleid: shell-trusts-no-certificate-blindly
curl -k https://shop.example
# ruleid: shell-trusts-no-certificate-blindly
curl --insecure -s https://shop.example
# ruleid: shell-trusts-no-certificate-blindly
curl -s https://shop.example/install | bash
# ok: shell-trusts-no-certificate-blindly
curl -s https://shop.example
