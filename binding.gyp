{
  "variables": {
    # All are for the project's own checks: node-gyp rebuild -- -Dlewd_werror=1 -Dlewd_sanitize=address
    "lewd_werror%": 0,
    "lewd_sanitize%": "",
    "lewd_faults%": 0, # see scripts/variant.js, as for the next two
    "lewd_cflags%": "",
    "lewd_ldflags%": "",
    "lewd_warnings": [
      "-Wall",
      "-Wextra",
      "-Wpedantic",
      "-Wconversion",
      "-Wsign-conversion",
      "-Wshadow",
      "-Wcast-align",
      "-Wundef",
    ],
  },
  "targets": [
    {
      "target_name": "lewd",
      "sources": ["src/lewd.c"], # which includes all others
      "defines": ["NAPI_VERSION=8"],
      "configurations": {
        "Release": {"defines": ["NDEBUG"]},
      },
      "cflags": ["-std=c11", "-fvisibility=hidden", "<@(lewd_warnings)"],
      "xcode_settings": {
        "GCC_C_LANGUAGE_STANDARD": "c11",
        "GCC_OPTIMIZATION_LEVEL": "3",
        "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
        "MACOSX_DEPLOYMENT_TARGET": "11.0",
        "WARNING_CFLAGS": ["<@(lewd_warnings)"],
      },
      "msvs_settings": {
        "VCCLCompilerTool": {
          "AdditionalOptions": ["/std:c11"],
          "WarningLevel": "4",
        },
      },
      "conditions": [
        ["lewd_werror==1", {
          "cflags": ["-Werror"],
          "xcode_settings": {"GCC_TREAT_WARNINGS_AS_ERRORS": "YES"},
          "msvs_settings": {"VCCLCompilerTool": {"WarnAsError": "true"}},
        }],
        ["lewd_faults==1", {
          "dependencies": ["shim"],
          "cflags": ["-include", "<(module_root_dir)/test/faults/wrap.h"],
        }],
        ["lewd_cflags!=''", {"cflags": ["<@(lewd_cflags)"]}],
        ["lewd_ldflags!=''", {"ldflags": ["<@(lewd_ldflags)"]}],
        ["lewd_sanitize!=''", {
          "cflags": ["-fsanitize=<(lewd_sanitize)", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer", "-g"],
          "ldflags": ["-fsanitize=<(lewd_sanitize)"],
          "xcode_settings": {
            "OTHER_CFLAGS": ["-fsanitize=<(lewd_sanitize)", "-fno-sanitize-recover=all"],
            "OTHER_LDFLAGS": ["-fsanitize=<(lewd_sanitize)"],
          },
        }],
      ],
    },
  ],
  "conditions": [
    ["lewd_faults==1", {
      "targets": [
        {
          "target_name": "shim",
          "type": "static_library",
          "sources": ["test/faults/shim.c"],
          "defines": ["NAPI_VERSION=8"],
          "cflags": ["-std=c11", "-fPIC", "-fvisibility=hidden", "<@(lewd_warnings)"],
        },
      ],
    }],
  ],
}
