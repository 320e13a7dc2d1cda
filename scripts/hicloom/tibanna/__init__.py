"""Runs of CWL workflows on AWS by Tibanna: their execution JSON, made and checked.

What is refused follows the code of tibanna 6.1.0: `tibanna.ec2_utils`, which reads the JSON,
and `awsf3` with its `run.sh`, which are the worker.
"""
