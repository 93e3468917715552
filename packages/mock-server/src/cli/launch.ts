#!/usr/bin/env node
// The entry of the bundled command. It is a file of its own, because the cache only serves what is loaded after it.
import module from 'node:module';

/** Node 22 and later keep compiled code between two starts, in the folder for temporary files. */
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

void import('./main.js');
