"""CodeDeploy, CodePipeline, CodeBuild: deletions, alarms that stop a deployment, dates as numbers, builds for a pipeline."""

import json

import moto.codebuild.responses as codebuild
import moto.codedeploy.responses as codedeploy
from moto.codebuild.models import CodeBuildBackend
from moto.codepipeline.responses import CodePipelineResponse
from moto.core.responses import ActionResult, EmptyResult


def add():
    def delete_deployment_group(self):
        groups = self.codedeploy_backend.deployment_groups.get(self._get_param("applicationName"), {})
        groups.pop(self._get_param("deploymentGroupName"), None)
        return ActionResult({"hooksNotCleanedUp": []})

    def delete_application(self):
        self.codedeploy_backend.applications.pop(self._get_param("applicationName"), None)
        return EmptyResult()

    codedeploy.CodeDeployResponse.delete_deployment_group = delete_deployment_group
    codedeploy.CodeDeployResponse.delete_application = delete_application

    told = codedeploy._deployment_group_info
    codedeploy._deployment_group_info = lambda group: {**told(group), "alarmConfiguration": group.alarm_configuration}

    get = CodePipelineResponse.get_pipeline

    def get_pipeline(self):
        answer = json.loads(get(self))
        answer["metadata"].update(created=1750000000.0, updated=1750000000.0)
        return json.dumps(answer)

    CodePipelineResponse.get_pipeline = get_pipeline

    delete = CodeBuildBackend.delete_project

    def delete_project(self, project_name):
        # The provider names one by its ARN, as AWS takes it, too.
        return delete(self, project_name.rsplit("/", 1)[-1])

    CodeBuildBackend.delete_project = delete_project

    def but_for_pipelines(check):
        return lambda place: None if place.get("type") == "CODEPIPELINE" else check(place)

    for name in ("_validate_required_params_source", "_validate_required_params_artifacts"):
        setattr(codebuild, name, but_for_pipelines(getattr(codebuild, name)))
