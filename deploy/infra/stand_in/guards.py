"""GuardDuty: features of a detector are set one by one, each beside the others. KMS: how often a key is rotated."""

import json

from moto.guardduty.models import Detector
from moto.kms.responses import KmsResponse


def add():
    update = Detector.update

    def update_features(self, enable, finding_publishing_frequency, data_sources, features):
        if features is not None:
            named = {feature["name"]: feature for feature in [*self.features, *features]}
            features = list(named.values())
        update(self, enable, finding_publishing_frequency, data_sources, features)

    Detector.update = update_features

    enable_key_rotation, get_key_rotation_status = KmsResponse.enable_key_rotation, KmsResponse.get_key_rotation_status
    periods = {}

    def enable_with_period(self):
        periods[self.region, self._get_param("KeyId")] = self._get_param("RotationPeriodInDays")
        return enable_key_rotation(self)

    def status_with_period(self):
        answer = get_key_rotation_status(self)
        days = periods.get((self.region, self._get_param("KeyId")))
        return json.dumps({**json.loads(answer), "RotationPeriodInDays": days}) if days else answer

    KmsResponse.enable_key_rotation, KmsResponse.get_key_rotation_status = enable_with_period, status_with_period
