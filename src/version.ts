// Which version is this? The build writes it in; from source it is "development".

declare const FLOPSCOPE_VERSION: string | undefined;

export const VERSION: string = typeof FLOPSCOPE_VERSION === 'string' ? FLOPSCOPE_VERSION : 'development';
