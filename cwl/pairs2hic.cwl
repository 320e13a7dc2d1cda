#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool

label: Make a .hic file of pairs
doc: |
  A map at many resolutions with its norms. Pairs of which both ends lie on one restriction fragment are left
  out where the pairs tell fragments. Resolutions are those of `custom_res`, of which the first is `min_res`;
  with `higlass` `min_res` times powers of two; else Juicer's (5000 to 2500000), for which `min_res` is 5000.

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

baseCommand: [hicloom, 4dn, pairs2hic]
inputs:
  input_pairs:
    type: File
    doc: Sorted pairs file, with or without columns frag1 and frag2.
    inputBinding: {prefix: --input-pairs}
  chromsizes:
    type: File
    doc: Chromosomes of the map and their lengths (bp).
    inputBinding: {prefix: --chromsizes}
  output_prefix:
    type: string
    default: out
    doc: The file is called OUTPUT_PREFIX.hic.
    inputBinding: {prefix: --output-prefix}
  min_res:
    type: int
    default: 5000
    doc: Finest resolution (bp).
    inputBinding: {prefix: --min-res}
  higlass:
    type: boolean
    default: false
    doc: Use HiGlass's resolutions.
    inputBinding: {prefix: --higlass}
  maxmem:
    type: string
    default: 14g
    doc: What gathering pixels, then the norms, may take, such as 14g.
    inputBinding: {prefix: --maxmem}
  mapqfilter:
    type: int
    default: 0
    doc: Leave out pairs with a side below this mapping quality.
    inputBinding: {prefix: --mapqfilter}
  custom_res:
    type: string
    default: ""
    doc: Resolutions (bp), separated by commas.
    inputBinding: {prefix: --custom-res}
  no_balance:
    type: boolean
    default: false
    doc: Leave the map without norms.
    inputBinding: {prefix: --no-balance}
  memory_mb:
    type: int?
    default: 16000
    doc: Memory to ask for (MB), somewhat more than `maxmem`.
  disk_mb:
    type: int?
    default: 20000
    doc: Disk to ask for (MB), for temporary files and for the output each.

outputs:
  hic:
    type: File
    outputBinding: {glob: "*.hic"}
