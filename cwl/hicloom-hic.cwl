#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: 'Make a .hic file with juicer_tools: a map at many resolutions, with its norms.'
doc: |
  The pixels are those of `cload` and `zoomify`, the names of the chromosomes are kept,
  and no pair is left out unless an option says so.
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
baseCommand: [hicloom, hic]
arguments:
  - {position: 9, prefix: --tmpdir, valueFrom: $(runtime.tmpdir)}
inputs:
  pairs:
    type: File
    doc: Pairs in any order.
    inputBinding: {position: 1}
  output:
    type: string
    default: out.hic
    doc: The map (.hic, version 8).
    inputBinding: {position: 9, prefix: --output}
  chromsizes:
    type: File?
    doc: 'Chromosomes of the map and their order (default: the header''s).'
    inputBinding: {position: 9, prefix: --chromsizes}
  assembly:
    type: string?
    doc: 'Name of the genome assembly (default: the header''s).'
    inputBinding: {position: 9, prefix: --assembly}
  resolutions:
    type: int[]?
    doc: |
      Bin sizes in bp (default: of 1000, 2000, 5000, 10000, 25000, 50000, 100000, 250000,
      500000, 1000000, 2500000, 5000000 and 10000000 those that are not above the longest
      chromosome).
    inputBinding: {position: 9, prefix: --resolutions}
  norms:
    type: string[]
    default: [VC, VC_SQRT, KR]
    doc: |
      Norms to report on, where one has not converged. juicer_tools computes VC, VC_SQRT,
      KR and SCALE always, or none of them with `--no-norms`.
    inputBinding: {position: 9, prefix: --norms}
  min_mapq:
    type: int
    default: 0
    doc: Leave out pairs with a side below this mapping quality (columns mapq1, mapq2).
    inputBinding: {position: 9, prefix: --min-mapq}
  drop_same_fragment:
    type: boolean
    default: false
    doc: |
      Leave out pairs with both ends on one restriction fragment (columns frag1, frag2; see
      `hicloom annotate-fragments`).
    inputBinding: {position: 9, prefix: --drop-same-fragment}
  drop_other_chromosomes:
    type: boolean
    default: false
    doc: Leave out pairs on chromosomes that the map lacks (else they are an error).
    inputBinding: {position: 9, prefix: --drop-other-chromosomes}
  threads:
    type: int
    default: 2
    doc: Threads that decompress the pairs; juicer_tools itself uses one.
    inputBinding: {position: 9, prefix: --threads}
  memory:
    type: int
    default: 4096
    doc: What gathering pixels, then Java, may take (MB).
    inputBinding: {position: 9, prefix: --memory, valueFrom: $(self)M}
  ram: {type: int, default: 8192, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    outputBinding: {glob: $(inputs.output)}
