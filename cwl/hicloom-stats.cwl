#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: 'Judge a library by its pairs: counts, P(s), complexity, and what they mean.'
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
baseCommand: [hicloom, stats]
inputs:
  pairs:
    type: File
    doc: |
      Pairs of any stage. Only with duplicates in their place (`hicloom
      dedup --keep-duplicates`) can those of the flow cell be told from those of the PCR.
    inputBinding: {position: 1}
  output:
    type: string?
    doc: JSON file for every number, with a verdict for each metric (docs/qc.md).
    inputBinding: {position: 9, prefix: --output}
  tsv:
    type: string?
    doc: Table of two columns as `pairtools stats` writes it; MultiQC reads it.
    inputBinding: {position: 9, prefix: --tsv}
  json:
    type: string?
    doc: The same table as nested JSON.
    inputBinding: {position: 9, prefix: --json}
  pairsqc:
    type: string?
    doc: Folder for pairsqc's tables, with its columns.
    inputBinding: {position: 9, prefix: --pairsqc}
  multiqc:
    type: string?
    doc: Folder for files that MultiQC shows as P(s), complexity and metrics.
    inputBinding: {position: 9, prefix: --multiqc}
  name:
    type: string?
    doc: 'Name of the library (default: that of the file, without endings).'
    inputBinding: {position: 9, prefix: --name}
  chromsizes:
    type: File?
    doc: 'Names and lengths of the chromosomes that count (default: those of the header).'
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
  dedup_stats:
    type: File?
    doc: |
      Statistics of `hicloom dedup`, for what these pairs no longer show: unmapped read pairs
      and duplicates.
    inputBinding: {position: 9, prefix: --dedup-stats}
  mcool:
    type: File?
    doc: Map whose balancing is judged.
    inputBinding: {position: 9, prefix: --mcool}
  hic:
    type: File?
    doc: Map whose norms are judged.
    inputBinding: {position: 9, prefix: --hic}
  max_mismatch:
    type: int
    default: 3
    doc: How far (bp) the ends of marked duplicates are apart.
    inputBinding: {position: 9, prefix: --max-mismatch}
  max_distance:
    type: float
    default: 8.4
    doc: 'log10 of the largest distance (bp) in pairsqc''s table: 8.4 for human, 8.2 for mouse.'
    inputBinding: {position: 9, prefix: --max-distance}
  threads:
    type: int
    default: 2
    doc: Threads that decompress the input.
    inputBinding: {position: 9, prefix: --threads}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File?
    format: http://edamontology.org/format_3464  # JSON
    outputBinding: {glob: $(inputs.output)}
  tsv_file:
    type: File?
    format: http://edamontology.org/format_3475  # TSV
    outputBinding: {glob: $(inputs.tsv)}
  json_file:
    type: File?
    format: http://edamontology.org/format_3464  # JSON
    outputBinding: {glob: $(inputs.json)}
  pairsqc_file:
    type: Directory?
    outputBinding: {glob: $(inputs.pairsqc)}
  multiqc_file:
    type: Directory?
    outputBinding: {glob: $(inputs.multiqc)}
