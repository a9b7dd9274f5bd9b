#!/usr/bin/env -S node --jitless --no-expose-wasm --max-semi-space-size=1
import { main } from './cli/cli.ts';

process.exitCode = await main(process.argv.slice(2), process.env);
