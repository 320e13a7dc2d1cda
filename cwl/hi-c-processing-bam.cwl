#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: Workflow

label: Hi-C post-alignment processing
doc: |
  From the alignments of a library (a BAM file a lane or a sequencing run) to its deduplicated pairs and a
  lossless BAM.

$namespaces:
  # 4DN's own fields: https://github.com/4dn-dcic/docker-4dn-hic/blob/master/cwl/README.md
  fdn: https://github.com/4dn-dcic/docker-4dn-hic/blob/master/cwl/README.md#
fdn:fdn_meta:
  name: hi-c-processing-bam
  title: Hi-C Post-alignment Processing
  data_types: [Hi-C]
  category: filter
  workflow_type: Hi-C data analysis
  description: >-
    Parses, sorts, merges, deduplicates and filters BAM files. Gives a lossless, annotated BAM file and
    a filtered pairs file.

requirements:
  ScatterFeatureRequirement: {}

inputs:
  input_bams:
    type: File[]
    doc: Alignments of one library, as bwa-mem.cwl writes them.
    fdn:fdn_format: bam
  chromsize:
    type: File
    doc: Names and lengths (bp) of the chromosomes to keep; their order defines the upper triangle.
    fdn:fdn_format: chromsizes
  nthreads_parse_sort:
    type: int
    default: 8
    doc: Threads of each pairsam-parse-sort.
  nthreads_merge:
    type: int
    default: 8
    doc: Threads of pairsam-merge.
  memory_mb:
    type: int?
    doc: Memory to ask for in each step (MB; default that of its tool).
  disk_mb:
    type: int?
    doc: Disk to ask for in each step (MB; default that of its tool).

steps:
  pairsam-parse-sort:
    run: pairsam-parse-sort.cwl
    scatter: bam
    in:
      bam: {source: input_bams, fdn:fdn_format: bam}
      chromsize: {source: chromsize, fdn:fdn_format: chromsize}
      Threads: {source: nthreads_parse_sort}
      memory_mb: {source: memory_mb}
      disk_mb: {source: disk_mb}
    out:
      - {id: sorted_pairsam, fdn:fdn_format: pairsam}
    fdn:fdn_step_meta:
      analysis_step_types: [annotation, sorting]
      description: Parsing and sorting bam file
      software_used: [hicloom_0.1.0]

  pairsam-merge:
    run: pairsam-merge.cwl
    in:
      input_pairsams: {source: pairsam-parse-sort/sorted_pairsam, fdn:fdn_format: pairsam}
      nThreads: {source: nthreads_merge}
      memory_mb: {source: memory_mb}
      disk_mb: {source: disk_mb}
    out:
      - {id: merged_pairsam, fdn:fdn_format: pairsam}
    fdn:fdn_step_meta:
      analysis_step_types: [merging]
      description: Merging pairsam files
      software_used: [hicloom_0.1.0]

  pairsam-markasdup:
    run: pairsam-markasdup.cwl
    in:
      input_pairsam: {source: pairsam-merge/merged_pairsam, fdn:fdn_format: pairsam}
      memory_mb: {source: memory_mb}
      disk_mb: {source: disk_mb}
    out:
      - {id: dupmarked_pairsam, fdn:fdn_format: pairsam}
    fdn:fdn_step_meta:
      analysis_step_types: [filter]
      description: Marking duplicates to pairsam file
      software_used: [hicloom_0.1.0]

  pairsam-filter:
    run: pairsam-filter.cwl
    in:
      input_pairsam: {source: pairsam-markasdup/dupmarked_pairsam, fdn:fdn_format: pairsam}
      chromsize: {source: chromsize, fdn:fdn_format: chromsize}
      memory_mb: {source: memory_mb}
      disk_mb: {source: disk_mb}
    out:
      - {id: lossless_bamfile, fdn:fdn_format: bam}
      - {id: filtered_pairs, fdn:fdn_format: pairs}
    fdn:fdn_step_meta:
      analysis_step_types: [filter, file format conversion]
      description: Filtering duplicate and invalid reads
      software_used: [hicloom_0.1.0]

outputs:
  annotated_bam:
    type: File
    format: http://edamontology.org/format_2572  # BAM
    outputSource: pairsam-filter/lossless_bamfile
    doc: Every alignment, tagged with its pair type (Yt); duplicates are flagged.
    fdn:fdn_format: bam
    fdn:fdn_output_type: processed
  filtered_pairs:
    type: File
    secondaryFiles: [.px2]
    outputSource: pairsam-filter/filtered_pairs
    doc: Deduplicated pairs of the types UU, UR and RU.
    fdn:fdn_format: pairs
    fdn:fdn_output_type: processed
    fdn:fdn_secondary_file_formats: [pairs_px2]
