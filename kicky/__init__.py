"""One phone on a tripod in, one verdict a shot out.

A file becomes a Clip (video), a Clip becomes detections (detectors), detections become one ball and
the players (tracking), four clicked corners become the goal (scene). From those come the outcome,
the shooter, the foot, the pose and the measures, gathered in a Report (pipeline: read this first),
which is stored (storage), drawn (render, charts) and shown (pages). Nothing leaves the machine.
"""

import os

# Our matrices are small: a second thread doubles the work and saves no time. It must be said before numpy is there.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
