#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool

label: Add the norms of a .hic file to an .mcool file
doc: |
  The same maps with bin columns KR, VC and VC_SQRT (divisive), as `hic2cool extract-norms -e` adds them: NaN
  for the mitochondrion.

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

baseCommand: [hicloom, 4dn, add-hic-normvector-to-mcool]
inputs:
  input_hic:
    type: File?
    doc: The .hic file with the norms. Needed.
    inputBinding: {prefix: --input-hic}
  input_mcool:
    type: File?
    doc: Maps of the same chromosomes and resolutions. Needed.
    inputBinding: {prefix: --input-mcool}
  outdir:
    type: string?
    default: .
    doc: Folder of the output (output.mcool), within the job's.
    inputBinding: {prefix: --outdir}
  memory_mb:
    type: int?
    default: 2000
    doc: Memory to ask for (MB).
  disk_mb:
    type: int?
    default: 20000
    doc: Disk to ask for (MB), for temporary files and for the output each.

outputs:
  mcool_with_hicnorm:
    type: File
    format: http://edamontology.org/format_3590  # HDF5; EDAM has no term for mcool
    outputBinding: {glob: $(inputs.outdir)/*.mcool}
