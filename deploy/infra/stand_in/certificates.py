"""ACM: certificates have the kind of key that was asked for."""

from moto.acm.models import CertBundle
from moto.acm.responses import AWSCertificateManagerResponse


def add():
    asked = {}
    request, describe = AWSCertificateManagerResponse.request_certificate, CertBundle.describe

    def request_certificate(self):
        answer = request(self)
        asked[answer.result["CertificateArn"]] = self._get_param("KeyAlgorithm")
        return answer

    def describe_with_key(self):
        answer = describe(self)
        if asked.get(self.arn):
            answer["Certificate"]["KeyAlgorithm"] = asked[self.arn]
        return answer

    AWSCertificateManagerResponse.request_certificate = request_certificate
    CertBundle.describe = describe_with_key
