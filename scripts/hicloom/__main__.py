from hicloom.cli import main

main()
