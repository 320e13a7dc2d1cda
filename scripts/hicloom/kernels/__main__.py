"""`python -m hicloom.kernels`: compile all kernels into the package, for a build or a setup."""

from hicloom.kernels.compiled import warm_up

if __name__ == "__main__":
    print(f"{warm_up()} kernels are compiled")
