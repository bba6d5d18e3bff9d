//! JavaScript functions made with Node-API directly, for frequent calls: the only `unsafe` code.
//!
//! A method of a `#[napi]` class takes hundreds of nanoseconds to find and check `this`. A function
//! that holds its own state does not need that. This file is only glue; the function itself is a
//! [`Callable`], in safe code.
//!
//! Why this is sound: the state is boxed, and only one JavaScript function has its address. Node-API
//! calls that function on its own thread, and never after it was collected; then it frees the state
//! once, with [`free`]. Handles live as long as a call, and so does [`Call`]. No panic reaches C.

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

/// The most arguments of any function here.
const MAX_ARGUMENTS: usize = 6;

/// The size of the first buffer for text, in bytes: enough for most tokens, keys and claims.
const USUAL_TEXT_LEN: usize = 512;

/// A function and its state.
pub trait Callable: 'static {
    /// Its name in JavaScript.
    const NAME: &'static CStr;

    /// One call of it.
    fn call(&self, call: &Call) -> Result<Value>;
}

/// Becomes a JavaScript function. Its state is dropped when the function is collected.
pub struct Function<F>(pub(crate) F);

impl<F: Callable> ToNapiValue for Function<F> {
    unsafe fn to_napi_value(env: sys::napi_env, Self(callable): Self) -> napi::Result<Handle> {
        let state = Box::into_raw(Box::new(callable)).cast::<c_void>();
        let mut function = ptr::null_mut();
        let (name, len) = (F::NAME.as_ptr(), F::NAME.count_bytes().cast_signed());
        // SAFETY: the caller guarantees that `env` is valid; the pointers outlive the calls. If the
        // function or its finalizer could not be made, nobody else has the state: it is still ours.
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

/// Drops the state of a function that was collected, or whose environment has ended.
unsafe extern "C" fn free<F>(_env: sys::napi_env, state: *mut c_void, _hint: *mut c_void) {
    // SAFETY: `to_napi_value` boxed it, and Node-API finalizes it once.
    let state = unsafe { Box::from_raw(state.cast::<F>()) };
    let _ = catch_unwind(AssertUnwindSafe(|| drop(state)));
}

/// The entry point that Node-API calls.
unsafe extern "C" fn enter<F: Callable>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> Handle {
    let mut arguments = [ptr::null_mut(); MAX_ARGUMENTS];
    let mut count = MAX_ARGUMENTS;
    let mut state = ptr::null_mut();
    // SAFETY: `arguments` has space for `count`; `state` is from `to_napi_value`, and lives while its
    // function runs. The reference is shared, even if JavaScript calls the function recursively.
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

/// A call from JavaScript.
pub struct Call {
    env: sys::napi_env,
    /// Arguments that were left out are `undefined`.
    arguments: [Handle; MAX_ARGUMENTS],
}

/// The return value of a call.
pub struct Value(Handle);

impl Call {
    /// The argument `at`: a number, or a value of another type.
    pub(crate) fn number(&self, at: usize) -> Result<Number<'_>> {
        let mut number = 0.0;
        // SAFETY: the handle belongs to this call.
        match unsafe { sys::napi_get_value_double(self.env, self.arguments[at], &raw mut number) } {
            sys::Status::napi_ok => Ok(Some(Either::A(number))),
            _ => self.other(at).map(|other| other.map(Either::B)),
        }
    }

    /// The argument `at`: text, or a value of another type.
    pub(crate) fn text(&self, at: usize) -> Result<Text<'_>> {
        match self.utf8(at) {
            Some(text) => Ok(Some(Either::A(text))),
            None => self.other(at).map(|other| other.map(Either::B)),
        }
    }

    /// The argument `at`: text or bytes. Any other type is refused.
    pub(crate) fn bytes(&self, at: usize) -> Result<Bytes<'_>> {
        match self.utf8(at) {
            Some(text) => Ok(Either::A(text)),
            None => self.argument(at).map(Either::B),
        }
    }

    /// The argument `at`: an object. Its type is not checked; reading a property of it may fail.
    pub(crate) fn object(&self, at: usize) -> Object<'_> {
        Object::from_raw(self.env, self.arguments[at])
    }

    /// Calls the function that is argument `at`.
    pub(crate) fn call_function<T: JsValuesTupleIntoVec>(&self, at: usize, value: T) -> Result<()> {
        let function: JsFunction<'_, T, Unknown<'_>> = self.argument(at)?;
        function.call(value).map(drop).map_err(internal)
    }

    fn other(&self, at: usize) -> Result<Option<Unknown<'_>>> {
        self.argument(at)
    }

    /// An argument, converted by napi. Borrowed values must not outlive this call.
    fn argument<T: FromNapiValue>(&self, at: usize) -> Result<T> {
        // SAFETY: the handle and `env` belong to this call.
        unsafe { T::from_napi_value(self.env, self.arguments[at]) }.map_err(internal)
    }

    fn utf8(&self, at: usize) -> Option<String> {
        let mut bytes = Vec::<u8>::with_capacity(USUAL_TEXT_LEN);
        let mut len = self.read(at, &mut bytes)?;
        // If less space is left than a character may need, the text may be cut off.
        if len + 4 >= bytes.capacity() {
            // SAFETY: the handle belongs to this call; without a buffer, only the length is written.
            unsafe {
                let handle = self.arguments[at];
                sys::napi_get_value_string_utf8(self.env, handle, ptr::null_mut(), 0, &raw mut len);
            }
            zeroize::Zeroize::zeroize(&mut bytes);
            bytes.reserve_exact(len + 1);
            len = self.read(at, &mut bytes)?;
        }
        // SAFETY: `read` wrote `len` bytes. V8 writes valid UTF-8: it replaces lone surrogates.
        unsafe {
            bytes.set_len(len);
            Some(String::from_utf8_unchecked(bytes))
        }
    }

    /// Reads text into the capacity of a buffer, and returns its length in bytes.
    fn read(&self, at: usize, buffer: &mut Vec<u8>) -> Option<usize> {
        let (size, mut len) = (buffer.capacity(), 0);
        let start = buffer.as_mut_ptr().cast();
        // SAFETY: the handle belongs to this call; `size` bytes are writable, including the zero.
        let status = unsafe {
            sys::napi_get_value_string_utf8(self.env, self.arguments[at], start, size, &raw mut len)
        };
        (status == sys::Status::napi_ok).then_some(len)
    }

    /// Converts a value for JavaScript.
    pub(crate) fn value<T: ToNapiValue>(&self, value: T) -> Result<Value> {
        // SAFETY: `env` belongs to this call.
        unsafe { T::to_napi_value(self.env, value) }.map(Value).map_err(internal)
    }

    /// Converts text for JavaScript.
    pub(crate) fn string(&self, text: &str) -> Result<Value> {
        if text.is_ascii() { self.ascii(text.as_bytes()) } else { self.value(text) }
    }

    /// Converts ASCII text, such as a token, for JavaScript. Faster, because V8 need not decode it.
    pub(crate) fn ascii(&self, text: &[u8]) -> Result<Value> {
        debug_assert!(text.is_ascii(), "a token is ASCII");
        let (start, len) = (text.as_ptr().cast(), text.len().cast_signed());
        let mut handle = ptr::null_mut();
        // SAFETY: `start` and `len` are those of `text`, which V8 copies.
        let status =
            unsafe { sys::napi_create_string_latin1(self.env, start, len, &raw mut handle) };
        check_status!(status).map_err(internal)?;
        Ok(Value(handle))
    }

    fn throw(&self, error: napi::Error<&'static str>) -> Handle {
        // SAFETY: `env` belongs to this call.
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
