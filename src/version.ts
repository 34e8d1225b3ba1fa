// The version. The build writes it; when run from source it is "development".

declare const FLOPSCOPE_VERSION: string | undefined;

export const VERSION: string = typeof FLOPSCOPE_VERSION === 'string' ? FLOPSCOPE_VERSION : 'development';
