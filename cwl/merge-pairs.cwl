#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool

label: Merge the pairs of replicates
doc: |
  One sorted, indexed pairs file of several. `min_res`, `custom_res`, `higlass` and `juicer_res` change nothing
  in it: where they are given, they are checked before merging begins, as pairs2hic.cwl and cool2mcool.cwl
  would check them after it.

requirements:
  ResourceRequirement:
    ramMin: $(inputs.memory_mb)
    tmpdirMin: $(inputs.disk_mb)
    outdirMin: $(inputs.disk_mb)
hints:
  DockerRequirement:
    dockerPull: hicloom-contacts:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}

baseCommand: [hicloom, 4dn, merge-pairs]
inputs:
  outprefix:
    type: string?
    default: out
    doc: The file is called OUTPREFIX.pairs.gz.
    inputBinding: {prefix: --outprefix}
  input_pairs:
    type: File[]?
    doc: Sorted pairs files, with or without indexes. Needed.
    inputBinding: {prefix: --input-pairs}
  min_res:
    type: int?
    doc: Only checked; see pairs2hic.cwl.
    inputBinding: {prefix: --min-res}
  custom_res:
    type: string?
    doc: Only checked; see pairs2hic.cwl and cool2mcool.cwl.
    inputBinding: {prefix: --custom-res}
  higlass:
    type: boolean?
    doc: Only checked; see pairs2hic.cwl.
    inputBinding: {prefix: --higlass}
  juicer_res:
    type: boolean?
    doc: Only checked; see cool2mcool.cwl.
    inputBinding: {prefix: --juicer-res}
  memory_mb:
    type: int?
    default: 2000
    doc: Memory to ask for (MB); pairs pass through.
  disk_mb:
    type: int?
    default: 20000
    doc: Disk to ask for (MB), for temporary files and for the output each.

outputs:
  merged_pairs:
    type: File
    secondaryFiles: [.px2]
    outputBinding: {glob: $(inputs.outprefix).pairs.gz}
