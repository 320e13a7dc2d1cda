#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Remove PCR and optical duplicates from sorted pairs, or mark them, with pairtools dedup.
doc: |
  Two pairs with the same strands are duplicates when their first ends and their second
  ends are near each other. The first of them in the order of the file stays. Unmapped
  pairs are counted and dropped, unless `--keep-duplicates` is given.
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
baseCommand: [hicloom, dedup]
inputs:
  pairs:
    type: File
    doc: Sorted upper-triangular pairs.
    inputBinding: {position: 1}
  output:
    type: string
    default: out.pairs.gz
    doc: 'Pairs without duplicates: `.gz` is written as BGZF with a `.px2` index beside it.'
    inputBinding: {position: 9, prefix: --output}
  stats:
    type: string?
    doc: pairtools' statistics of the input and the duplicates as TSV (MultiQC reads it).
    inputBinding: {position: 9, prefix: --stats}
  stats_json:
    type: string?
    doc: The same statistics as JSON.
    inputBinding: {position: 9, prefix: --stats-json}
  dups:
    type: string?
    doc: Pairs file for the duplicates, with pair type DD.
    inputBinding: {position: 9, prefix: --dups}
  duplicate_names:
    type: string?
    doc: |
      File for the read names of the duplicates, as hashes of 8 bytes each, for
      `hicloom d4 create --exclude-reads`.
    inputBinding: {position: 9, prefix: --duplicate-names}
  lossless_bam:
    type: string?
    doc: |
      BAM file for every alignment of every pair, in the order of the pairs, duplicates
      flagged 0x400; needs pairs with SAM columns (`hicloom bam2pairs --keep-sam`), which
      the output then leaves out.
    inputBinding: {position: 9, prefix: --lossless-bam}
  keep_duplicates:
    type: boolean
    default: false
    doc: |
      Drop nothing: every pair goes to `output` in its place, duplicates with pair type DD
      and, where there are SAM columns, their alignments flagged 0x400. The other files hold
      what they hold without it.
    inputBinding: {position: 9, prefix: --keep-duplicates}
  max_mismatch:
    type: int
    default: 3
    doc: How far (bp) the ends of duplicates may be apart.
    inputBinding: {position: 9, prefix: --max-mismatch}
  method:
    type: {type: enum, symbols: [max, sum]}
    default: max
    doc: Whether the larger distance of the two ends counts, or the sum of both.
    inputBinding: {position: 9, prefix: --method}
  backend:
    type: {type: enum, symbols: [cython, scipy]}
    default: cython
    doc: |
      pairtools' algorithm. `cython` compares neighbours in one pass over the file;
      `scipy` works on chunks and joins chains of near pairs transitively.
    inputBinding: {position: 9, prefix: --backend}
  qc:
    type: string?
    doc: |
      JSON file for every number of the library with its verdict, as `hicloom stats --output`
      writes it of pairs without duplicates, and of the duplicates (docs/qc.md).
    inputBinding: {position: 9, prefix: --qc}
  multiqc:
    type: string?
    doc: Folder for what MultiQC shows of it.
    inputBinding: {position: 9, prefix: --multiqc}
  name:
    type: string?
    doc: 'Name of the library in these (default: that of the output, without endings).'
    inputBinding: {position: 9, prefix: --name}
  chromsizes:
    type: File?
    doc: 'Names and lengths of the chromosomes that count in these (default: those of the header).'
    inputBinding: {position: 9, prefix: --chromsizes}
  arms:
    type: File?
    doc: BED file with the arms of chromosomes, for P(s) within them.
    inputBinding: {position: 9, prefix: --arms}
  fragments:
    type: File?
    doc: 'Restriction sites of `hicloom fragments`: classes of fragments are counted.'
    inputBinding: {position: 9, prefix: --fragments}
  enzyme:
    type:
      - 'null'
      - {type: enum, symbols: ['4', '6']}
    doc: 'Bases that the enzyme''s site has: where strand orientations are expected to agree.'
    inputBinding: {position: 9, prefix: --enzyme}
  threads:
    type: int
    default: 2
    doc: Threads that compress the output.
    inputBinding: {position: 9, prefix: --threads}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
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
  stats_file:
    type: File?
    format: http://edamontology.org/format_3475  # TSV
    outputBinding: {glob: $(inputs.stats)}
  stats_json_file:
    type: File?
    format: http://edamontology.org/format_3464  # JSON
    outputBinding: {glob: $(inputs.stats_json)}
  dups_file:
    type: File?
    secondaryFiles:
      - {pattern: .px2, required: true}
    outputBinding: {glob: $(inputs.dups)}
  duplicate_names_file:
    type: File?
    outputBinding: {glob: $(inputs.duplicate_names)}
  lossless_bam_file:
    type: File?
    format: http://edamontology.org/format_2572  # BAM
    outputBinding: {glob: $(inputs.lossless_bam)}
  qc_file:
    type: File?
    format: http://edamontology.org/format_3464  # JSON
    outputBinding: {glob: $(inputs.qc)}
  multiqc_file:
    type: Directory?
    outputBinding: {glob: $(inputs.multiqc)}
