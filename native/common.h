// What every kernel shares: how a failure leaves C++ and how work leaves the main thread.
#pragma once

#include <napi.h>

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "common_error.h"

namespace relievo {

// Runs `work` on the thread pool and `finish` (which builds the JavaScript value) on the main
// thread. `hold` keeps the JavaScript buffers that `work` reads alive until it ends.
template <typename Result>
class Task : public Napi::AsyncWorker {
 public:
  using Work = std::function<Result()>;
  using Finish = std::function<Napi::Value(Napi::Env, Result&)>;

  static Napi::Promise run(Napi::Env env, Napi::Object hold, Work work, Finish finish) {
    auto* task = new Task(env, hold, std::move(work), std::move(finish));
    Napi::Promise promise = task->deferred_.Promise();
    task->Queue();
    return promise;
  }

 private:
  Task(Napi::Env env, Napi::Object hold, Work work, Finish finish)
      : Napi::AsyncWorker(env), deferred_(Napi::Promise::Deferred::New(env)),
        hold_(Napi::Persistent(hold)), work_(std::move(work)), finish_(std::move(finish)) {}

  void Execute() override {
    try {
      result_ = std::make_unique<Result>(work_());
    } catch (const KernelError& e) {
      code_ = e.code;
      SetError(e.what());
    } catch (const std::exception& e) {
      code_ = "internal";
      SetError(e.what());
    }
  }

  void OnOK() override {
    Napi::HandleScope scope(Env());
    deferred_.Resolve(finish_(Env(), *result_));
  }

  void OnError(const Napi::Error& error) override {
    Napi::HandleScope scope(Env());
    Napi::Object value = error.Value();
    value.Set("code", Napi::String::New(Env(), code_));
    deferred_.Reject(value);
  }

  Napi::Promise::Deferred deferred_;
  Napi::ObjectReference hold_;
  Work work_;
  Finish finish_;
  std::unique_ptr<Result> result_;
  std::string code_;
};

// A typed array of the wrong kind is a defect of the caller, not bad input of a user.
template <typename TypedArray>
TypedArray typed(const Napi::Object& from, const char* key) {
  Napi::Value v = from.Get(key);
  if (!v.IsTypedArray()) throw Napi::TypeError::New(from.Env(), std::string(key) + " must be a typed array");
  return v.As<TypedArray>();
}

inline double number(const Napi::Object& from, const char* key) {
  Napi::Value v = from.Get(key);
  if (!v.IsNumber()) throw Napi::TypeError::New(from.Env(), std::string(key) + " must be a number");
  return v.As<Napi::Number>().DoubleValue();
}

// Copies a contiguous buffer into a JavaScript typed array of T.
template <typename T>
Napi::TypedArrayOf<T> toTyped(Napi::Env env, const T* data, size_t count) {
  auto out = Napi::TypedArrayOf<T>::New(env, count);
  if (count) std::copy(data, data + count, out.Data());
  return out;
}

}  // namespace relievo
