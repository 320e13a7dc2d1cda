#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: 'Make a .hic file of pairs or of maps: a map at many resolutions, with its norms.'
doc: |
  Of pairs, the pixels are those of `cload` and `zoomify`. The names of the chromosomes are
  kept, and no pair is left out unless an option says so.
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
  source:
    type: File
    doc: |
      Pairs in any order; or a map (.cool, .mcool, or a map of an
      .mcool: `x.mcool::/resolutions/1000`).
    inputBinding: {position: 1, valueFrom: $(self.path)$(inputs.map)}
  map:
    type: string
    default: ''
    doc: Which map of an .mcool, such as `::/resolutions/1000`; empty for a .cool.
  output:
    type: string
    default: out.hic
    doc: The map (.hic, version 8). Counts above 16777216 are rounded to what the format holds.
    inputBinding: {position: 9, prefix: --output}
  engine:
    type: {type: enum, symbols: [hicloom, juicer]}
    default: hicloom
    doc: |
      What makes it; `juicer` is juicer_tools, which needs Java and computes all of VC,
      VC_SQRT, KR and SCALE, or none.
    inputBinding: {position: 9, prefix: --engine}
  chromsizes:
    type: File?
    doc: 'Chromosomes of the map and their order (default: the header''s). For pairs only.'
    inputBinding: {position: 9, prefix: --chromsizes}
  assembly:
    type: string?
    doc: 'Name of the genome assembly (default: that of the pairs or the map).'
    inputBinding: {position: 9, prefix: --assembly}
  resolutions:
    type: int[]?
    doc: |
      Bin sizes in bp (default: all of an .mcool; else of 1000, 2000, 5000, 10000, 25000,
      50000, 100000, 250000, 500000, 1000000, 2500000, 5000000 and 10000000 those that are
      not above the longest chromosome). Those that an .mcool lacks are made of finer ones.
    inputBinding: {position: 9, prefix: --resolutions}
  norms:
    type: string[]
    default: [VC, VC_SQRT, KR, SCALE]
    doc: |
      Norms to compute: VC, VC_SQRT, KR and SCALE of each chromosome; GW_VC, GW_KR and
      GW_SCALE of the whole genome, INTER_VC, INTER_KR and INTER_SCALE of it without the
      contacts within chromosomes (both from 10000 bp on). Where one has not converged is
      said.
    inputBinding: {position: 9, prefix: --norms}
  fragments:
    type: File?
    doc: |
      Restriction sites in Juicer's format, or fragments as BED (see `hicloom fragments`), for
      maps in bins of fragments beside those in bp; a pair's fragments are those that
      `annotate-fragments` tells. For pairs only.
    inputBinding: {position: 9, prefix: --fragments}
  fragment_resolutions:
    type: int[]?
    doc: 'Bin sizes in fragments (default, as of juicer_tools: 500 200 100 50 20 5 2 1).'
    inputBinding: {position: 9, prefix: --fragment-resolutions}
  min_mapq:
    type: int
    default: 0
    doc: Leave out pairs with a side below this mapping quality (columns mapq1, mapq2).
    inputBinding: {position: 9, prefix: --min-mapq}
  drop_same_fragment:
    type: boolean
    default: false
    doc: |
      Leave out pairs with both ends on one restriction fragment, of `fragments` or by columns
      frag1 and frag2 (see `hicloom annotate-fragments`).
    inputBinding: {position: 9, prefix: --drop-same-fragment}
  drop_other_chromosomes:
    type: boolean
    default: false
    doc: Leave out pairs on chromosomes that the map lacks (else they are an error).
    inputBinding: {position: 9, prefix: --drop-other-chromosomes}
  threads:
    type: int
    default: 2
    doc: Threads that read, compress and normalise.
    inputBinding: {position: 9, prefix: --threads}
  memory:
    type: int
    default: 4096
    doc: |
      What it may take (MB): half of it for gathering pixels of pairs, half for those
      whose blocks are not complete, then all for the norms.
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
