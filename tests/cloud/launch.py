"""Start an execution as tibanna does, up to the launch of a machine; in tibanna's environment.

`tibanna run_workflow` uploads local CWL files and hands the JSON to a lambda, which uploads
`JOBID.run.json` and writes the script of the machine: the same calls here. Prints what a
machine would be told.
"""

import base64
import json
import sys
from pathlib import Path

from tibanna.ec2_utils import Execution, UnicornInput, upload_workflow_to_s3

data = json.loads(Path(sys.argv[1]).read_text())
unicorn = UnicornInput(data)
data["jobid"] = unicorn.jobid
if unicorn.args.cwl_directory_local:
    upload_workflow_to_s3(unicorn)
    data["args"] = unicorn.args.as_dict()
run = Execution(data, dryrun=True)
run.prelaunch()
told = {
    "jobid": run.jobid,
    "instances": run.instance_type_list,
    "disk": run.cfg.ebs_size,
    "script": base64.b64decode(run.userdata).decode(),
}
print(json.dumps(told))
