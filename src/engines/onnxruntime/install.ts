// How the package onnxruntime-node is installed.

import { OPTIONAL, setUp } from '../optionalPackage.js';

const { package: name, version } = OPTIONAL.onnxruntime;

/** Its install script would download 400 MB of CUDA libraries on Linux. */
export const INSTALL = `${setUp('onnxruntime')}, or in your project ONNXRUNTIME_NODE_INSTALL=skip npm install ${name}@${version}`;
