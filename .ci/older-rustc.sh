#!/bin/sh
# Cargo's RUSTC_WRAPPER for a Rust 1.85: what our crates and their dependencies use of later
# versions, as the unstable features that it was there. Its own crates need none, and cargo's
# questions (`___`) are to be answered as they are.
features=let_chains,integer_sign_cast,const_black_box,unsigned_is_multiple_of,slice_as_chunks
case " $* " in
*" --crate-name core "* | *" --crate-name compiler_builtins "* | *" --crate-name alloc "*) ;;
*" --crate-name ___ "*) ;;
*" --crate-name "*) set -- "$@" "-Zcrate-attr=feature($features)" ;;
esac
exec "$@"
