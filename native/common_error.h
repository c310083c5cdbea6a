// A refusal the caller can explain, for kernels' inner parts that know nothing of JavaScript.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace relievo {

// `code` is a key of src/domain/problems.ts.
struct KernelError : std::runtime_error {
  std::string code;
  KernelError(std::string c, const std::string& message)
      : std::runtime_error(message), code(std::move(c)) {}
};

}  // namespace relievo
