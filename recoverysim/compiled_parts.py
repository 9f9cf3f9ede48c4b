"""Rules are compiled as parts of the week that calls them, and no further than that needs.

numba makes machine code of every function, at full optimisation, though of a rule only its
intermediate code is ever used: it is linked into its callers, which are optimised as a whole. A
part gets the cheap passes, which set its own callees in, and no machine code. What the week
computes is the same to the bit, at the same speed; it is compiled in two thirds to three quarters
of the time.

This leans on insides of numba, so it is done with versions that it was tried with. With any other
rules are compiled as numba itself does, which only takes longer.
"""

from __future__ import annotations

from typing import Any

import numba
from numba import _dynfunc  # type: ignore[attr-defined]
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering

TRIED_WITH = ("0.68",)


class _Part(JITCodeLibrary):
    """Intermediate code to be linked into what calls it."""

    def _optimize_final_module(self) -> None:
        passes, builder = self._codegen._module_pass_manager(
            opt=0, loop_vectorize=False, slp_vectorize=False, cost="cheap"
        )
        passes.run(self._final_module, builder)

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerToAPart(NativeLowering):
    """Lower a rule, and tell its callers where its code is."""

    _name = "lower_to_a_part"

    def run_pass(self, state: Any) -> bool:
        part = _Part(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library, state.flags.no_compile = part, True
        super().run_pass(state)
        lowered, description = state["cr"], state["cr"].fndesc
        # Callers find a rule by this object; nobody calls it.
        known_by = _dynfunc.make_function(
            description.lookup_module(), description.qualname, "a part", 0, lowered.env, (part,)
        )
        state.targetctx.insert_user_function(known_by, description, [part])
        state.reload_init.extend(part._reload_init)
        state["cr"] = lowered._replace(cfunc=known_by)
        return True


class PartCompiler(CompilerBase):
    """numba's own way to compile, but for the last steps."""

    def define_pipelines(self) -> list[Any]:
        """One pipeline: numba's, with `_LowerToAPart` where it lowers."""
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        replaced = [
            (_LowerToAPart if one is NativeLowering else one, said) for one, said in passes.passes
        ]
        passes.passes[:] = replaced
        passes.finalize()
        return [passes]


def can_be_parts() -> bool:
    """Whether this numba is one that it was tried with."""
    return numba.__version__.rpartition(".")[0] in TRIED_WITH
