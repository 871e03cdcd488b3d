"""Composite alarms, and what is told of budgets."""

import json

from moto.budgets.responses import BudgetsResponse
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult


def add():
    # Moto reads a composite alarm's rule where it makes the others, and has no action that leads there.
    CloudWatchResponse.put_composite_alarm = CloudWatchResponse.put_metric_alarm
    describe = CloudWatchResponse.describe_alarms

    def describe_alarms(self):
        result = describe(self).result
        if not self._get_param("AlarmTypes", []):
            return ActionResult({**result, "CompositeAlarms": []})
        return ActionResult(result)

    CloudWatchResponse.describe_alarms = describe_alarms

    create = BudgetsResponse.create_budget
    tags = {}

    def create_budget(self):
        tags[self._get_param("Budget")["BudgetName"]] = self._get_param("ResourceTags", [])
        return create(self)

    def describe_subscribers_for_notification(self):
        budget = self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]
        asked = self._get_param("Notification")["NotificationType"]
        found = [item.subscribers for item in budget.notifications if item.details["NotificationType"] == asked]
        return json.dumps({"Subscribers": found[0] if found else []})

    BudgetsResponse.create_budget = create_budget
    BudgetsResponse.describe_subscribers_for_notification = describe_subscribers_for_notification
    BudgetsResponse.list_tags_for_resource = lambda self: json.dumps(
        {"ResourceTags": tags.get(self._get_param("ResourceARN").rsplit("/", 1)[-1], [])}
    )
