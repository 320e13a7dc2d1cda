#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool

label: Add the restriction fragments of both ends to pairs
doc: |
  Columns frag1 and frag2: 0-based numbers of the fragments that the two ends lie on. Without a site file the
  pairs stay as they are.

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

baseCommand: [hicloom, 4dn, addfragtopairs]
inputs:
  input_pairs:
    type: File
    doc: Sorted pairs file, with or without an index.
    inputBinding: {prefix: --input-pairs}
  restriction_file:
    type: File?
    doc: Juicer's site file, a line a chromosome with its name, its sites (1-based, ascending) and its length.
    inputBinding: {prefix: --restriction-file}
  outprefix:
    type: string
    default: out
    doc: The file is called OUTPREFIX.ff.pairs.gz.
    inputBinding: {prefix: --outprefix}
  memory_mb:
    type: int?
    default: 2000
    doc: Memory to ask for (MB); pairs pass through.
  disk_mb:
    type: int?
    default: 20000
    doc: Disk to ask for (MB), for temporary files and for the output each.

outputs:
  pairs_with_frags:
    type: File
    secondaryFiles: [.px2]
    outputBinding: {glob: $(inputs.outprefix).ff.pairs.gz}
