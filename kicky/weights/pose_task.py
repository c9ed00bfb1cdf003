"""MediaPipe wheel of the 0.10 line -> the .task file that PoseLandmarker of the 1.x line takes.

The wheel holds the same two networks, but without the metadata that says how their input is scaled.
A .task file is a stored (never deflated) zip of both, each with that metadata added.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import flatbuffers
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata
from mediapipe.tasks.metadata import schema_py_generated as schema

# One fixed date, so that the same wheel always gives the same bytes and one sha256 tells them.
DATE = (2020, 1, 1, 0, 0, 0)


def build(wheel: Path, target: Path, landmarks: str = "full") -> None:
    """Wheel -> .task file. `landmarks` is lite, full or heavy. KeyError when the wheel lacks a network."""
    with zipfile.ZipFile(wheel) as archive:
        detector = archive.read("mediapipe/modules/pose_detection/pose_detection.tflite")
        landmarker = archive.read(f"mediapipe/modules/pose_landmark/pose_landmark_{landmarks}.tflite")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        # The detector wants -1..1, the landmarker 0..1.
        archive.writestr(zipfile.ZipInfo("pose_detector.tflite", DATE), with_scaling(detector, 127.5, 127.5))
        archive.writestr(zipfile.ZipInfo("pose_landmarks_detector.tflite", DATE), with_scaling(landmarker, 0.0, 255.0))


def with_scaling(tflite: bytes, mean: float, std: float) -> bytes:
    """Network -> the same network, whose metadata says: input = (pixel - mean) / std."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(tflite, 0))
    outputs = []
    for number in range(len(model.subgraphs[0].outputs)):
        output = metadata.TensorMetadataT()
        output.name = f"out{number}"
        outputs.append(output)
    graph = metadata.SubGraphMetadataT()
    graph.inputTensorMetadata = [_input(mean, std)]
    graph.outputTensorMetadata = outputs
    whole = metadata.ModelMetadataT()
    whole.name = "pose"
    whole.subgraphMetadata = [graph]
    return _attach(model, whole, len(tflite))


def _input(mean: float, std: float) -> metadata.TensorMetadataT:
    options = metadata.NormalizationOptionsT()
    options.mean, options.std = [mean], [std]
    unit = metadata.ProcessUnitT()
    unit.optionsType = metadata.ProcessUnitOptions.NormalizationOptions
    unit.options = options
    properties = metadata.ImagePropertiesT()
    properties.colorSpace = metadata.ColorSpaceType.RGB
    content = metadata.ContentT()
    content.contentPropertiesType = metadata.ContentProperties.ImageProperties
    content.contentProperties = properties
    tensor = metadata.TensorMetadataT()
    tensor.name, tensor.content, tensor.processUnits = "image", content, [unit]
    return tensor


def _attach(model: schema.ModelT, whole: metadata.ModelMetadataT, size: int) -> bytes:
    packed = flatbuffers.Builder(1024)
    packed.Finish(whole.Pack(packed), b"M001")
    buffer = schema.BufferT()
    buffer.data = bytearray(packed.Output())
    model.buffers.append(buffer)
    entry = schema.MetadataT()
    entry.name, entry.buffer = "TFLITE_METADATA", len(model.buffers) - 1
    model.metadata = [*(model.metadata or []), entry]
    builder = flatbuffers.Builder(size + 65536)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())
