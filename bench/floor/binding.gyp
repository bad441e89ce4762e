{
  "targets": [
    {
      "target_name": "floor",
      "sources": ["floor.c"],
      "defines": ["NAPI_VERSION=8"],
      "cflags": ["-std=c11", "-fvisibility=hidden"],
      "xcode_settings": {"GCC_C_LANGUAGE_STANDARD": "c11", "GCC_OPTIMIZATION_LEVEL": "3"},
      "msvs_settings": {"VCCLCompilerTool": {"AdditionalOptions": ["/std:c11"]}},
    },
  ],
}
