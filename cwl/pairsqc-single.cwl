#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool

label: Judge a library by its pairs, as pairsqc does
doc: |
  An archive with the tables of pairsqc 0.2.3 (counts by distance and orientation, contact probability, cis-to-trans
  ratio, convergence, slope), three plots of them and a page that shows all.

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

baseCommand: [hicloom, 4dn, pairsqc-single]
inputs:
  input_pairs:
    type: File
    doc: Deduplicated pairs file; its index (.px2) lies beside it.
    secondaryFiles: [.px2]
    inputBinding: {prefix: --input-pairs}
  chromsizes:
    type: File
    doc: Chromosomes and their lengths (bp).
    inputBinding: {prefix: --chromsizes}
  sample_name:
    type: string
    doc: The archive is called SAMPLE_NAME_report.zip.
    inputBinding: {prefix: --sample-name}
  enzyme:
    type: {type: enum, symbols: ["4", "6"]}
    doc: Bases that the site of the restriction enzyme has (DpnII, MboI 4; HindIII, NcoI 6).
    inputBinding: {prefix: --enzyme}
  output_dir:
    type: string
    default: .
    doc: Folder of the archive.
    inputBinding: {prefix: --output-dir}
  max_distance:
    type: float
    default: 8.4
    doc: log10 of the largest distance (bp), 8.4 for human, 8.2 for mouse and chicken, 7.9 for zebrafish.
    inputBinding: {prefix: --max-distance}
  memory_mb:
    type: int?
    default: 2000
    doc: Memory to ask for (MB); pairs pass through.
  disk_mb:
    type: int?
    default: 1000
    doc: Disk to ask for (MB), for temporary files and for the output each.

outputs:
  report:
    type: File
    format: http://edamontology.org/format_3987  # ZIP
    outputBinding: {glob: $(inputs.output_dir)/*report.zip}
