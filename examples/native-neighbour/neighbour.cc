// An addon that works on blocks of a WebAssembly memory in place, without copies in JavaScript.
//
// A memory's bytes are a part of the process's memory, and move when the memory grows or is replaced: Node-API's
// pointer to them is valid until JavaScript runs again. So no pointer is kept here. Callers pass the ArrayBuffer, an
// object may keep it, and each call gets the pointer anew. A buffer that was replaced is detached: it has 0 bytes, and
// the check of the bounds refuses it.

#include <napi.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace {

// Returns `count` floats at an address of a buffer. Valid until this call returns.
struct Floats {
    float *begin;
    float *end;

    // An address is an i32: from 2 GiB up it is negative.
    Floats(Napi::ArrayBuffer buffer, Napi::Value address, Napi::Value count) {
        if (!address.IsNumber() || !count.IsNumber())
            throw Napi::TypeError::New(buffer.Env(), "address and count must be numbers");
        const uint64_t from = address.As<Napi::Number>().Uint32Value();
        const uint64_t length = count.As<Napi::Number>().Uint32Value();
        if (from % alignof(float) != 0 || from + length * sizeof(float) > buffer.ByteLength())
            throw Napi::RangeError::New(buffer.Env(), "not within the buffer, or it is detached: pass the current one");
        begin = reinterpret_cast<float *>(static_cast<uint8_t *>(buffer.Data()) + from);
        end = begin + length;
    }
};

Napi::ArrayBuffer BufferOf(Napi::Value value) {
    if (!value.IsArrayBuffer())
        throw Napi::TypeError::New(value.Env(), "not an ArrayBuffer");
    return value.As<Napi::ArrayBuffer>();
}

double RootMeanSquare(const Floats &of) {
    const auto add = [](double sum, float x) { return sum + double(x) * x; };
    const double sum = std::accumulate(of.begin, of.end, 0.0, add);
    return of.begin == of.end ? 0 : std::sqrt(sum / double(of.end - of.begin));
}

// sort(buffer, address, count): ascending, in place; NaNs last. The caller passes everything with each call: the
// simplest way.
void Sort(const Napi::CallbackInfo &info) {
    const Floats floats(BufferOf(info[0]), info[1], info[2]);
    std::sort(floats.begin, floats.end, [](float a, float b) { return a < b || (std::isnan(b) && !std::isnan(a)); });
}

// An object with settings of its own that works on many blocks, and keeps the buffer.
class Leveller : public Napi::ObjectWrap<Leveller> {
public:
    static Napi::Function Define(Napi::Env env) {
        return DefineClass(env, "Leveller",
                           {InstanceMethod<&Leveller::Attach>("attach"), InstanceMethod<&Leveller::Level>("level")});
    }

    // new Leveller(buffer, loudness)
    explicit Leveller(const Napi::CallbackInfo &info) : Napi::ObjectWrap<Leveller>(info) {
        if (!info[1].IsNumber())
            throw Napi::TypeError::New(info.Env(), "loudness must be a number");
        buffer_ = Napi::Persistent(BufferOf(info[0]));
        loudness_ = info[1].As<Napi::Number>().DoubleValue();
    }

private:
    // attach(buffer): from a handler of 'resize', with the memory's new buffer.
    void Attach(const Napi::CallbackInfo &info) { buffer_ = Napi::Persistent(BufferOf(info[0])); }

    // level(address, count): scales to the loudness, in place, and returns the factor.
    Napi::Value Level(const Napi::CallbackInfo &info) {
        const Floats floats(buffer_.Value(), info[0], info[1]);
        const double present = RootMeanSquare(floats);
        const double factor = present > 0 ? loudness_ / present : 1;
        std::for_each(floats.begin, floats.end, [factor](float &x) { x = float(x * factor); });
        return Napi::Number::New(info.Env(), factor);
    }

    Napi::Reference<Napi::ArrayBuffer> buffer_; // the buffer, never its bytes
    double loudness_;
};

Napi::Object Init(Napi::Env env, Napi::Object exports) {
    exports.Set("sort", Napi::Function::New<Sort>(env));
    exports.Set("Leveller", Leveller::Define(env));
    return exports;
}

} // namespace

NODE_API_MODULE(neighbour, Init)
