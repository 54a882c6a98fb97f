"""Prints the bytes of a small event file as TensorBoard's own code writes it, for EventFileTests.

    pip install tensorboard
    python3 write_event_file.py
"""

import io

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

START = 1_700_000_000.25


class Kept(io.BytesIO):
    def close(self):
        pass


def scalars(step, **values):
    summary = Summary(value=[Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()])
    return Event(wall_time=START, step=step, summary=summary)


file = Kept()
writer = RecordWriter(file)
for event in (
    Event(wall_time=START, file_version="brain.Event:2"),
    scalars(1, loss=0.5, gradient_norm=1e-3),
    scalars(300, loss=-2.0, gradient_norm=float("inf")),
    Event(wall_time=START, step=301, session_log=SessionLog(status=SessionLog.START)),
    scalars(301, loss=3.25, gradient_norm=7.0),
):
    writer.write(event.SerializeToString(deterministic=True))
print(file.getvalue().hex())
