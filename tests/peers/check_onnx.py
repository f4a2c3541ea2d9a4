"""Holds ONNX files against the format's own checker: python3 check_onnx.py FILE...; a line of JSON for each."""
import json
import sys

import onnx
from onnx import shape_inference

for path in sys.argv[1:]:
    found = {"file": path}
    try:
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        graph = shape_inference.infer_shapes(model, strict_mode=True, data_prop=True).graph
        shapes = {}
        for value in list(graph.input) + list(graph.output) + list(graph.value_info):
            tensor = value.type.tensor_type
            assert tensor.HasField("shape"), value.name
            shapes[value.name] = [side.dim_param or side.dim_value for side in tensor.shape.dim]
        made = [name for node in graph.node for name in node.output]
        found["without_shape"] = [name for name in made if name not in shapes]
        found["unknown_sides"] = [name for name, sides in shapes.items() if not all(sides)]
        found["inputs"] = {value.name: shapes[value.name] for value in graph.input}
        found["outputs"] = {value.name: shapes[value.name] for value in graph.output}
        found["operators"] = sorted({node.op_type for node in graph.node})
        found["opset"], found["ir"] = model.opset_import[0].version, model.ir_version
        found["metadata"] = sorted(entry.key for entry in model.metadata_props)
        found["about"] = model.doc_string
    except Exception as error:  # told, so that the others are looked at, too
        found["error"] = f"{type(error).__name__}: {error}"
    print(json.dumps(found))
