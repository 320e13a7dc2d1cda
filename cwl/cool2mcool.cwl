#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool

label: Coarsen a contact map to many resolutions and balance each
doc: |
  An .mcool file with the pixels and weights of `cooler zoomify --balance`. Resolutions are those of
  `custom_res`; with `juicer_res` Juicer's; else the input's times powers of two.

requirements:
  ResourceRequirement:
    coresMin: $(inputs.ncores)
    ramMin: $(inputs.memory_mb)
    tmpdirMin: $(inputs.disk_mb)
    outdirMin: $(inputs.disk_mb)
hints:
  DockerRequirement:
    dockerPull: hicloom-contacts:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}

baseCommand: [hicloom, 4dn, cool2mcool]
inputs:
  input_cool:
    type: File?
    doc: Map at the finest resolution. Needed.
    inputBinding: {prefix: --input-cool}
  ncores:
    type: int?
    default: 4
    doc: Threads that balance; also the cores to ask for.
    inputBinding: {prefix: --ncores}
  outprefix:
    type: string?
    default: out
    doc: The file is called OUTPREFIX.multires.cool.
    inputBinding: {prefix: --outprefix}
  chunksize:
    type: int?
    default: 10000000
    doc: Taken for the sake of old job files; the result is the same with any number.
    inputBinding: {prefix: --chunksize}
  juicer_res:
    type: boolean
    default: false
    doc: Use Juicer's resolutions, 5000 to 2500000.
    inputBinding: {prefix: --juicer-res}
  custom_res:
    type: string
    default: ""
    doc: Resolutions (bp), separated by commas.
    inputBinding: {prefix: --custom-res}
  no_balance:
    type: boolean
    default: false
    doc: Leave the maps without weights.
    inputBinding: {prefix: --no-balance}
  memory_mb:
    type: int?
    default: 4000
    doc: Memory to ask for (MB).
  disk_mb:
    type: int?
    default: 20000
    doc: Disk to ask for (MB), for temporary files and for the output each.

outputs:
  mcool:
    type: File
    format: http://edamontology.org/format_3590  # HDF5; EDAM has no term for mcool
    outputBinding: {glob: "*.multires.cool"}
