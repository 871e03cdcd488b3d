"""The API's own model, from botocore: commands that the real CLI would not take, and answers that AWS would not give, are refused."""
import json

import botocore.session
from botocore import xform_name
from botocore.validate import ParamValidator

SESSION = botocore.session.get_session()
MODELS = {}


class Unlike(Exception):
    """Not what AWS takes or gives."""


def model_of(service, operation):
    if service not in MODELS:
        MODELS[service] = SESSION.get_service_model(service)
    model = MODELS[service]
    names = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in names:
        raise Unlike(f"{service} has no operation {operation}")
    return model.operation_model(names[operation])


def typed(shape, values):
    """As the CLI reads values of that type."""
    if shape.type_name == "boolean":
        return True
    if shape.type_name in ("structure", "map") or (shape.type_name == "list" and values[0][:1] in ("[", "{")):
        return json.loads(values[0])
    if shape.type_name == "list":
        return values
    [value] = values
    return int(value) if shape.type_name in ("integer", "long") else value


def check_command(service, operation, options):
    shape = model_of(service, operation).input_shape
    members = {xform_name(name, "-"): name for name in shape.members} if shape else {}
    parameters = {}
    for option, values in options.items():
        if option in members:
            parameters[members[option]] = typed(shape.members[members[option]], values)
        elif option != "max-items":  # which is the CLI's own
            raise Unlike(f"{service} {operation} has no option --{option}")
    if shape:
        report = ParamValidator().validate(parameters, shape)
        if report.has_errors():
            raise Unlike(f"{service} {operation}: {report.generate_report()}")


def check_answer(service, operation, told):
    unknown = list(strangers(model_of(service, operation).output_shape, told))
    if unknown:
        raise Unlike(f"AWS does not answer {service} {operation} with {', '.join(unknown)}")


def strangers(shape, value, path=""):
    """What an answer has that the real one could not have."""
    if shape.type_name == "structure" and isinstance(value, dict):
        for key, inner in value.items():
            if key not in shape.members:
                yield f"{path}.{key}"
            else:
                yield from strangers(shape.members[key], inner, f"{path}.{key}")
    elif shape.type_name == "list" and isinstance(value, list):
        for inner in value:
            yield from strangers(shape.member, inner, f"{path}[]")
