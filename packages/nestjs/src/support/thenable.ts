/** Returns whether `await` would wait for a value. A value that it would not wait for costs no turn of the event loop. */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

/** Goes on with a value: at once, or when it is there if it is a promise. */
export function after<T, R>(value: T | PromiseLike<T>, goOn: (value: T) => R | Promise<R>): R | Promise<R> {
  return isThenable(value) ? Promise.resolve(value).then((there) => goOn(there)) : goOn(value);
}
