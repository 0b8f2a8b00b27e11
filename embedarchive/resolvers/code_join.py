"""A t.co or pic code of the document → the post that a stored payload or document ties to it."""

from __future__ import annotations

from dataclasses import replace

from ..models import Claim, Fetcher, Index, Resolution
from ._match import match


class CodeJoin:
    """The same code in the archive: needs no network."""

    name = "code_join"
    is_online = False

    def resolve(self, claim: Claim, index: Index, fetch: Fetcher | None) -> list[Resolution]:
        """One finding for each post tied to one of the claim's codes; nothing fits: all refused.

        A re-shared picture ties one code to several posts. Where handle and day leave more than
        one, none is taken: the code does not say which.
        """
        findings = [
            match(
                self.name,
                claim,
                owner.target,
                owner.handle,
                {"code": code, "source": owner.source},
            )
            for code in claim.codes
            for owner in index.owners_of_code(code)
            if owner.target.network == claim.network
        ]
        fitting = {finding.target for finding in findings if finding.target}
        if len(fitting) < 2:
            return findings
        names = ", ".join(sorted(str(target) for target in fitting))
        return [
            replace(finding, target=None, refused=f"several posts fit: {names}")
            if finding.target
            else finding
            for finding in findings
        ]


RESOLVER = CodeJoin()
