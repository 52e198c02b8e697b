# What cfn-lint's own resolver makes of the properties of templates: paths on standard input, one JSON line each on standard output.
# A leaf has every value that it may have by parameters, mappings and conditions; a leaf that cfn-lint does not resolve is left out. Globals of SAM are merged by SAM's own translator.

import json
import sys
from copy import deepcopy

import cfnlint.decode
from cfnlint.context import create_context_for_template
from cfnlint.jsonschema import CfnTemplateValidator
from cfnlint.template import Template
from samtranslator.plugins.globals.globals import Globals

MOST_VALUES = 60


def is_function(node):
    if not isinstance(node, dict) or len(node) != 1:
        return False
    key = next(iter(node))
    return key in ("Ref", "Condition") or key.startswith("Fn::")


def values_of(validator, node):
    values = []
    for value, _, error in validator.resolve_value(deepcopy(node)):
        if error is not None:
            continue
        values.append(value)
        if len(values) > MOST_VALUES:
            return None
    return values


def leaves(validator, node, path):
    if is_function(node):
        values = values_of(validator, node)
        if not values:
            # Neither a value nor none is known of what it stands for.
            return
        if all(not isinstance(value, (dict, list)) for value in values):
            yield {"path": path, "values": values}
        return
    if isinstance(node, dict):
        if any(str(key).startswith("Fn::") for key in node):
            return
        for key, value in node.items():
            yield from leaves(validator, value, path + [str(key)])
    elif isinstance(node, list):
        for index, value in enumerate(node):
            if is_function(value) and "Fn::If" in value:
                return
        for index, value in enumerate(node):
            yield from leaves(validator, value, path + [index])
    else:
        yield {"path": path, "values": [node]}


def resources_of(path):
    template, errors = cfnlint.decode.decode(path)
    if template is None or errors:
        return {"path": path, "error": str(errors[0].message if errors else "not read")}
    plain = json.loads(json.dumps(template, default=str))
    context = create_context_for_template(Template(path, template, ["us-east-1"]))
    validator = CfnTemplateValidator(schema={}).evolve(context=context, cfn=Template(path, template, ["us-east-1"]))
    common = Globals(deepcopy(plain)) if isinstance(plain.get("Globals"), dict) else None
    resources = {}
    for name, resource in (plain.get("Resources") or {}).items():
        if not isinstance(resource, dict) or is_function(resource.get("Properties")):
            continue
        properties = resource.get("Properties") or {}
        if common is not None:
            properties = common.merge(resource.get("Type"), properties, name, resource.get("IgnoreGlobals"))
        try:
            resources[name] = list(leaves(validator, properties, []))
        except Exception as error:  # a resolver that fails says nothing of this resource
            resources[name] = []
            print(f"{path} {name}: {error!r}", file=sys.stderr)
    return {"path": path, "resources": resources}


for line in sys.stdin:
    name = line.strip()
    if not name:
        continue
    try:
        answer = resources_of(name)
    except Exception as error:
        answer = {"path": name, "error": repr(error)[:300]}
    print(json.dumps(answer, default=str), flush=True)
