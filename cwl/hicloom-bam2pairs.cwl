#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: 'Find the contacts in a name-grouped BAM file and sort them: `pairtools parse`, `sort`.'
doc: |
  Pairs are flipped to the upper triangle of `chromsizes` and sorted by chrom1, chrom2,
  pos1, pos2, pair_type, then in the order of the BAM file.
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
baseCommand: [hicloom, bam2pairs]
arguments:
  - {position: 9, prefix: --tmpdir, valueFrom: $(runtime.tmpdir)}
inputs:
  bam:
    type: File
    doc: Alignments with the records of each pair side by side, as `hicloom align` writes them.
    inputBinding: {position: 1}
  output:
    type: string
    default: out.pairs.gz
    doc: 'Sorted pairs: `.gz` is written as BGZF with a `.px2` index beside it.'
    inputBinding: {position: 9, prefix: --output}
  chromsizes:
    type: File
    doc: |
      `name<TAB>length` (bp) of chromosomes of the BAM file, in the order that defines the
      upper triangle; those that it leaves out follow in alphabetical order.
    inputBinding: {position: 9, prefix: --chromsizes}
  assembly:
    type: string
    default: unknown
    doc: Name of the genome assembly, for the header.
    inputBinding: {position: 9, prefix: --assembly}
  min_mapq:
    type: int
    default: 1
    doc: Alignments with a lower MAPQ count as not unique (M).
    inputBinding: {position: 9, prefix: --min-mapq}
  walks_policy:
    type:
      type: enum
      symbols: [mask, 5any, 5unique, 3any, 3unique, all]
    default: mask
    doc: What to report of reads that no single ligation explains (see `pairtools parse`).
    inputBinding: {position: 9, prefix: --walks-policy}
  max_molecule_size:
    type: int
    default: 2000
    doc: Longest molecule (bp) for which three alignments are rescued as one ligation.
    inputBinding: {position: 9, prefix: --max-molecule-size}
  max_inter_align_gap:
    type: int
    default: 20
    doc: Longest stretch (bp) of a read between alignments that is not taken for one of its own.
    inputBinding: {position: 9, prefix: --max-inter-align-gap}
  add_columns:
    type: string
    default: mapq
    doc: |
      Columns to add for each side, separated by commas: those of `pairtools parse`
      (mapq, pos5, cigar, ...) or SAM tags.
    inputBinding: {position: 9, prefix: --add-columns}
  keep_sam:
    type: boolean
    default: false
    doc: Keep the alignments in columns sam1 and sam2, for a lossless BAM after dedup.
    inputBinding: {position: 9, prefix: --keep-sam}
  threads:
    type: int
    default: 2
    doc: Threads that sort and compress.
    inputBinding: {position: 9, prefix: --threads}
  memory:
    type: int
    default: 2048
    doc: What sorting may take (MB); more than that is spilled to `tmpdir`.
    inputBinding: {position: 9, prefix: --memory, valueFrom: $(self)M}
  ram: {type: int, default: 4096, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    secondaryFiles:
      - {pattern: .px2, required: true}
    outputBinding: {glob: $(inputs.output)}
