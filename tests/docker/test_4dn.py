"""Every 4DN-named tool and workflow in its image, from job files in 4DN's style."""

from tests.cwl.conftest import lanes  # noqa: F401
from tests.cwl.test_4dn_runs import (  # noqa: F401
    demo,
    test_a_workflow_gives_what_its_tools_give_one_by_one,
    test_the_example_job_gives_the_files_of_the_contract,
    test_the_mcool_of_the_portal_holds_weights_and_norms,
)
