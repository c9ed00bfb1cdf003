"""What persons say is true of a clip: the questions, whether two labellers agree, and boxes from few keyframes.

questions: what may be asked and answered. agreement: Cohen's kappa, disputes, and what counts as true. boxes: frames
between keyframes, the ball ahead of the next click. exchange: COCO, YOLO, CVAT, CSV, JSON lines, lists by outcome.
"""
