"""CloudFront: policies, the publishing of functions, and a distribution's settings as they were given."""

import copy
import itertools

import moto.cloudfront.urls as urls
from faults import NotThere
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult

KINDS = {
    "cache-policy": "CachePolicy",
    "origin-request-policy": "OriginRequestPolicy",
    "response-headers-policy": "ResponseHeadersPolicy",
}
numbers = itertools.count(1)
policies = {kind: {} for kind in KINDS.values()}
settings = {}


def methods_of(kind, name):
    """create_…, get_…, update_…, delete_… and list_… of a kind of policy."""
    kept = policies[kind]

    def answer(id):
        if id not in kept:
            raise NotThere(f"NoSuch{kind}", f"There is no {kind} {id}.")
        policy = {"Id": id, "LastModifiedTime": "2026-01-01T00:00:00Z", f"{kind}Config": kept[id]}
        return ActionResult({kind: policy, "ETag": "E1", f"{kind}Config": kept[id]})

    def create(self):
        id = f"{next(numbers):08d}-0000-4000-8000-000000000000"
        kept[id] = self._get_param(f"{kind}Config")
        return answer(id)

    def get(self):
        return answer(self._get_param("Id"))

    def update(self):
        kept[self._get_param("Id")] = self._get_param(f"{kind}Config")
        return answer(self._get_param("Id"))

    def delete(self):
        kept.pop(self._get_param("Id"), None)
        return EmptyResult()

    def every(self):
        items = [{"Type": "custom", kind: answer(id).result[kind]} for id in kept]
        return ActionResult({f"{kind}List": {"MaxItems": 100, "Quantity": len(items), "Items": items}})

    plural = name.removesuffix("y") + "ies"
    return {
        f"create_{name}": create,
        f"get_{name}": get,
        f"update_{name}": update,
        f"delete_{name}": delete,
        f"list_{plural}": every,
    }


def add():
    for path, kind in KINDS.items():
        for pattern in (f"{{0}}/2020-05-31/{path}$", f"{{0}}/2020-05-31/{path}/(?P<policy_id>[^/]+)$"):
            urls.url_paths[pattern] = CloudFrontResponse.dispatch
        for name, method in methods_of(kind, path.replace("-", "_")).items():
            setattr(CloudFrontResponse, name, method)

    # Moto keeps a part of what it is given; Terraform, and who looks at the distribution, want all of it.
    def keeps(original, given):
        def method(self):
            # AWS names what there is none of, too.
            config = {"OriginGroups": {"Quantity": 0}, "Staging": False, **copy.deepcopy(self._get_param(given))}
            result = original(self).result
            settings[result["Distribution"].id] = config
            return ActionResult(shown(result))

        return method

    def shown(result):
        distribution = result["Distribution"]
        return {
            **result,
            "Distribution": {
                "Id": distribution.id,
                "ARN": distribution.arn,
                "Status": "Deployed",
                "DomainName": distribution.domain_name,
                "LastModifiedTime": distribution.last_modified_time,
                "InProgressInvalidationBatches": 0,
                "ActiveTrustedSigners": {"Enabled": False, "Quantity": 0},
                "ActiveTrustedKeyGroups": {"Enabled": False, "Quantity": 0},
                "DistributionConfig": copy.deepcopy(settings[distribution.id]),
            },
        }

    get = CloudFrontResponse.get_distribution
    get_config = CloudFrontResponse.get_distribution_config
    CloudFrontResponse.create_distribution_with_tags = keeps(
        CloudFrontResponse.create_distribution_with_tags, "DistributionConfigWithTags.DistributionConfig"
    )
    CloudFrontResponse.update_distribution = keeps(CloudFrontResponse.update_distribution, "DistributionConfig")
    CloudFrontResponse.get_distribution = lambda self: ActionResult(shown(get(self).result))
    CloudFrontResponse.get_distribution_config = lambda self: ActionResult(
        {**get_config(self).result, "DistributionConfig": copy.deepcopy(settings[self._get_param("Id")])}
    )

    urls.url_paths["{0}/2020-05-31/function/(?P<function_name>[^/]+)/publish$"] = CloudFrontResponse.dispatch

    def publish_function(self):
        function = self.backend.describe_function(name=self._get_param("Name"))
        return ActionResult({"FunctionSummary": function.function_summary})

    CloudFrontResponse.publish_function = publish_function
