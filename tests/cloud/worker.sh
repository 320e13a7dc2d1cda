#!/usr/bin/env bash
# What tibanna's worker does with JOBID and the bucket LOGBUCKET, in the order of run.sh of
# its image (tibanna 6.1.0): without the machine's own services, and with jobs in this container.
set -euo pipefail

export LOCAL_WFDIR=/data1/cwl
ln -sfn /mnt/data1 /data1
mkdir -p /data1/home /data1/out /data1/input /data1/tmp "$LOCAL_WFDIR"
export HOME=/data1/home TMPDIR=/data1/tmp
run=$JOBID.run.json postrun=$JOBID.postrun.json log=/data1/out/$JOBID.log

cd "$HOME"
aws s3 cp "s3://$LOGBUCKET/$run" . >/dev/null
awsf3 decode_run_json -i "$run"
awsf3 update_postrun_json_init -i "$run" -o "$postrun"
awsf3 upload_postrun_json -i "$postrun"
source env_command_list.txt
awsf3 download_workflow
source download_command_list.txt >/dev/null

cd "$LOCAL_WFDIR"
# shellcheck disable=SC2086
cwltool --enable-dev --non-strict --no-read-only --no-match-user $RUN_ARGS --no-container \
  --outdir /mnt/data1/out --tmp-outdir-prefix /mnt/data1/tmp/ --tmpdir-prefix /mnt/data1/tmp/ \
  $PRESERVED_ENV_OPTION "$MAIN_CWL" "$HOME/inputs.yml" >"/data1/out/$JOBID.log.json" 2>"$log" ||
  { cat "$log" >&2; exit 1; }
cd "$HOME"

{ md5sum /mnt/data1/out/* || true; } 2>/dev/null | grep -v "$JOBID" >md5.txt
awsf3 update_postrun_json_upload_output -i "$postrun" -e "/data1/out/$JOBID.log.json" \
  -m md5.txt -o "$postrun" -L "$LANGUAGE"
awsf3 upload_postrun_json -i "$postrun"
export JOB_STATUS=0
awsf3 update_postrun_json_final -i "$postrun" -o "$postrun" -l "$log"
awsf3 upload_postrun_json -i "$postrun"
aws s3 cp "$log" "s3://$LOGBUCKET" >/dev/null
touch "$JOBID.success"
aws s3 cp "$JOBID.success" "s3://$LOGBUCKET" >/dev/null
