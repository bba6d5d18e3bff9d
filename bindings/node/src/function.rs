//! Functions made by Node-API itself, for what is called often: the only `unsafe` code.
//!
//! A method of a `#[napi]` class costs hundreds of nanoseconds before it does anything, since it
//! looks up and checks what `this` is. A function that holds its state does not ask. What is in
//! this file is glue; what a function does is a [`Callable`], in safe code.
//!
//! Why this is sound: the state is boxed, and its address is known to one JavaScript function
//! alone. Node-API calls it on the thread of that function, never after the function was
//! collected, and then frees the state once, by [`free`]. Handles live as long as a call, and so
//! does [`Call`]. No panic crosses into C.

#![allow(unsafe_code, reason = "Node-API is C")]

use std::{
    ffi::{CStr, c_void},
    panic::{AssertUnwindSafe, catch_unwind},
    ptr,
};

use napi::{
    JsError, Status,
    bindgen_prelude::{
        Either, FromNapiValue, Function as JsFunction, JsValuesTupleIntoVec, Object, ToNapiValue,
        Uint8ArraySlice, Unknown,
    },
    check_status, sys,
};

use crate::{
    arguments::{Number, Text},
    errors::Result,
};

/// More arguments than any function takes.
const MAX_ARGUMENTS: usize = 6;

/// A token, a key or the claims of most fit into it.
const MOST_TEXT: usize = 512;

/// What a function does, and what it holds.
pub trait Callable: 'static {
    /// Its name in JavaScript.
    const NAME: &'static CStr;

    /// One call of it.
    fn call(&self, call: &Call) -> Result<Value>;
}

/// A JavaScript function, once it is handed to JavaScript. What it holds is dropped with it.
pub struct Function<F>(pub(crate) F);

impl<F: Callable> ToNapiValue for Function<F> {
    unsafe fn to_napi_value(env: sys::napi_env, Self(callable): Self) -> napi::Result<Handle> {
        let state = Box::into_raw(Box::new(callable)).cast::<c_void>();
        let mut function = ptr::null_mut();
        let (name, len) = (F::NAME.as_ptr(), F::NAME.count_bytes().cast_signed());
        // SAFETY: `env` is valid, the caller says; the pointers outlive the calls. A function that
        // could not be made, or given its finalizer, was handed to nobody: the state is still ours.
        unsafe {
            let mut status = sys::napi_create_function(
                env,
                name,
                len,
                Some(enter::<F>),
                state,
                &raw mut function,
            );
            if status == sys::Status::napi_ok {
                let (hint, result) = (ptr::null_mut(), ptr::null_mut());
                status =
                    sys::napi_add_finalizer(env, function, state, Some(free::<F>), hint, result);
            }
            if status != sys::Status::napi_ok {
                drop(Box::from_raw(state.cast::<F>()));
            }
            check_status!(status)?;
        }
        Ok(function)
    }
}

type Handle = sys::napi_value;

/// Text as UTF-8, or bytes.
pub(crate) type Bytes<'a> = Either<String, Uint8ArraySlice<'a>>;

/// Drops what a function held, after it was collected or its environment ended.
unsafe extern "C" fn free<F>(_env: sys::napi_env, state: *mut c_void, _hint: *mut c_void) {
    // SAFETY: `to_napi_value` boxed it, and Node-API finalizes it once.
    let state = unsafe { Box::from_raw(state.cast::<F>()) };
    let _ = catch_unwind(AssertUnwindSafe(|| drop(state)));
}

/// What Node-API calls.
unsafe extern "C" fn enter<F: Callable>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> Handle {
    let mut arguments = [ptr::null_mut(); MAX_ARGUMENTS];
    let mut count = MAX_ARGUMENTS;
    let mut state = ptr::null_mut();
    // SAFETY: `arguments` has room for `count`; `state` is what `to_napi_value` gave, and alive
    // while its function runs. It is only shared, also if the function calls itself by JavaScript.
    let result = unsafe {
        let (arguments, this) = (arguments.as_mut_ptr(), ptr::null_mut());
        let status =
            sys::napi_get_cb_info(env, info, &raw mut count, arguments, this, &raw mut state);
        (status == sys::Status::napi_ok).then(|| &*state.cast::<F>())
    };
    let call = Call { env, arguments };
    let Some(callable) = result else { return ptr::null_mut() };
    match catch_unwind(AssertUnwindSafe(|| callable.call(&call))) {
        Ok(Ok(Value(handle))) => handle,
        Ok(Err(error)) => call.throw(error),
        Err(_) => call.throw(napi::Error::new("InternalError", "this is a bug in kling-auth")),
    }
}

/// A call that JavaScript made.
pub struct Call {
    env: sys::napi_env,
    /// Those that were left out are `undefined`.
    arguments: [Handle; MAX_ARGUMENTS],
}

/// What a call gives back to JavaScript.
pub struct Value(Handle);

impl Call {
    /// A number, or something else.
    pub(crate) fn number(&self, at: usize) -> Result<Number<'_>> {
        let mut number = 0.0;
        // SAFETY: the handle is one of this call.
        match unsafe { sys::napi_get_value_double(self.env, self.arguments[at], &raw mut number) } {
            sys::Status::napi_ok => Ok(Some(Either::A(number))),
            _ => self.other(at).map(|other| other.map(Either::B)),
        }
    }

    /// A text, or something else.
    pub(crate) fn text(&self, at: usize) -> Result<Text<'_>> {
        match self.utf8(at) {
            Some(text) => Ok(Some(Either::A(text))),
            None => self.other(at).map(|other| other.map(Either::B)),
        }
    }

    /// A text or bytes; anything else is refused.
    pub(crate) fn bytes(&self, at: usize) -> Result<Bytes<'_>> {
        match self.utf8(at) {
            Some(text) => Ok(Either::A(text)),
            None => self.argument(at).map(Either::B),
        }
    }

    /// An object: what it is, is seen when it is asked.
    pub(crate) fn object(&self, at: usize) -> Object<'_> {
        Object::from_raw(self.env, self.arguments[at])
    }

    /// Calls a function of the caller's.
    pub(crate) fn tell<T: JsValuesTupleIntoVec>(&self, at: usize, value: T) -> Result<()> {
        let told: JsFunction<'_, T, Unknown<'_>> = self.argument(at)?;
        told.call(value).map(drop).map_err(internal)
    }

    fn other(&self, at: usize) -> Result<Option<Unknown<'_>>> {
        self.argument(at)
    }

    /// An argument, as napi converts it. What borrows from it must not outlive this call.
    fn argument<T: FromNapiValue>(&self, at: usize) -> Result<T> {
        // SAFETY: the handle is one of this call, and so is `env`.
        unsafe { T::from_napi_value(self.env, self.arguments[at]) }.map_err(internal)
    }

    fn utf8(&self, at: usize) -> Option<String> {
        let mut bytes = Vec::<u8>::with_capacity(MOST_TEXT);
        let mut len = self.read(at, &mut bytes)?;
        // With less than a character left over there may be more of it.
        if len + 4 >= bytes.capacity() {
            // SAFETY: the handle is one of this call; without a buffer only the length is told.
            unsafe {
                let handle = self.arguments[at];
                sys::napi_get_value_string_utf8(self.env, handle, ptr::null_mut(), 0, &raw mut len);
            }
            zeroize::Zeroize::zeroize(&mut bytes);
            bytes.reserve_exact(len + 1);
            len = self.read(at, &mut bytes)?;
        }
        // SAFETY: `read` wrote as many. V8 writes UTF-8, with replacements for what is none.
        unsafe {
            bytes.set_len(len);
            Some(String::from_utf8_unchecked(bytes))
        }
    }

    /// Reads a text into the room that a buffer has, and says how long it is there.
    fn read(&self, at: usize, buffer: &mut Vec<u8>) -> Option<usize> {
        let (room, mut len) = (buffer.capacity(), 0);
        let start = buffer.as_mut_ptr().cast();
        // SAFETY: the handle is one of this call; there is `room`, of which a zero takes one.
        let status = unsafe {
            sys::napi_get_value_string_utf8(self.env, self.arguments[at], start, room, &raw mut len)
        };
        (status == sys::Status::napi_ok).then_some(len)
    }

    /// Hands a value to JavaScript.
    pub(crate) fn value<T: ToNapiValue>(&self, value: T) -> Result<Value> {
        // SAFETY: `env` is that of this call.
        unsafe { T::to_napi_value(self.env, value) }.map(Value).map_err(internal)
    }

    /// Hands a text to JavaScript.
    pub(crate) fn string(&self, text: &str) -> Result<Value> {
        if text.is_ascii() { self.ascii(text.as_bytes()) } else { self.value(text) }
    }

    /// Hands a text to JavaScript that is ASCII, as every token is: V8 has nothing to look at, and
    /// takes a byte for a character.
    pub(crate) fn ascii(&self, text: &[u8]) -> Result<Value> {
        debug_assert!(text.is_ascii(), "a token is ASCII");
        let (start, len) = (text.as_ptr().cast(), text.len().cast_signed());
        let mut handle = ptr::null_mut();
        // SAFETY: `start` and `len` are those of `text`, of which V8 makes a copy.
        let status =
            unsafe { sys::napi_create_string_latin1(self.env, start, len, &raw mut handle) };
        check_status!(status).map_err(internal)?;
        Ok(Value(handle))
    }

    fn throw(&self, error: napi::Error<&'static str>) -> Handle {
        // SAFETY: `env` is that of this call.
        unsafe { JsError::from(error).throw_into(self.env) };
        ptr::null_mut()
    }
}

/// An error of Node-API itself.
fn internal(error: napi::Error) -> napi::Error<&'static str> {
    let status = match error.status {
        Status::PendingException => "PendingException",
        _ => "GenericFailure",
    };
    napi::Error::new(status, error.reason.clone())
}
