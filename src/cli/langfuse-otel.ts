#!/usr/bin/env node
import { main } from './main.js';
import { processTerminal } from './terminal.js';

const terminal = processTerminal();
void main(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code;
  terminal.close();
});
