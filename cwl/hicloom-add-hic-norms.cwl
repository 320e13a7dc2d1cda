#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Add the norms of a .hic file to the bins of an .mcool, as `hic2cool extract-norms` does.
doc: |
  They are divisive: balanced = count / (norm1 * norm2). cooler takes columns of these
  three names so.
requirements:
  ResourceRequirement:
    coresMin: $(inputs.threads)
    ramMin: $(inputs.ram)
    tmpdirMin: $(inputs.disk)
    outdirMin: $(inputs.disk)
hints:
  DockerRequirement:
    dockerPull: hicloom-contacts:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}
baseCommand: [hicloom, add-hic-norms]
inputs:
  hic:
    type: File
    doc: A .hic file with norms.
    inputBinding: {position: 1}
  mcool:
    type: File
    doc: |
      A map of the same genome (.mcool or .cool). Names may differ as juicer_tools changes
      them (`chr2L` to `2L`).
    inputBinding: {position: 2}
  output:
    type: string
    default: out.mcool
    doc: |
      A copy of it with columns more, at the resolutions that both have; NaN where a
      chromosome has no such norm. A norm that the .hic file lacks altogether is left out.
    inputBinding: {position: 9, prefix: --output}
  norms:
    type: string[]
    default: [VC, VC_SQRT, KR]
    doc: Which.
    inputBinding: {position: 9, prefix: --norms}
  exclude:
    type: string[]?
    doc: Chromosomes without norms (NaN), which may be missing in either file.
    inputBinding: {position: 9, prefix: --exclude}
  threads:
    type: int
    default: 2
    doc: Threads that compress.
    inputBinding: {position: 9, prefix: --threads}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    format: http://edamontology.org/format_3590  # HDF5
    outputBinding: {glob: $(inputs.output)}
