{
  "variables": { "sanitize%": 0 },
  "target_defaults": {
    "conditions": [
      ["sanitize==1", {
        "cflags_cc": ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-fno-omit-frame-pointer", "-g1"],
        "ldflags": ["-fsanitize=address,undefined"]
      }]
    ],
    "include_dirs": [
      "<!(node -p \"require('node-addon-api').include_dir\")",
      "/usr/include/opencv4"
    ],
    "cflags!": ["-fno-exceptions"],
    "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17", "-std=gnu++20"],
    "cflags_cc": ["-std=c++17", "-O3", "-fno-math-errno", "-fno-trapping-math", "-fopenmp-simd", "-Wall", "-Wextra", "-Wno-unused-parameter"],
    "defines": ["NAPI_VERSION=8", "NAPI_CPP_EXCEPTIONS"]
  },
  "targets": [
    {
      "target_name": "relievo",
      "sources": ["addon.cc", "scan.cc", "profile.cc", "profile_distance.cc", "profile_pair.cc", "measure.cc", "measure_map.cc", "measure_find.cc", "measure_ellipse.cc", "measure_shrink.cc", "measure_face.cc", "measure_ruler.cc", "measure_ruler_lines.cc", "measure_ruler_steps.cc", "measure_ruler_ends.cc",
                  "extract.cc", "extract_field.cc", "extract_powder.cc", "extract_embedding.cc", "design.cc", "design_pose.cc", "design_hypotheses.cc", "design_agree.cc", "design_evidence.cc", "design_face.cc", "design_rings.cc", "design_search.cc",
                  "marks.cc", "marks_field.cc", "marks_light.cc", "marks_network.cc", "marks_register.cc", "marks_relief.cc", "marks_walls.cc", "tool.cc", "tool_face.cc", "tool_align.cc", "tool_marks.cc", "tool_near.cc", "tool_follow.cc", "tool_score.cc", "tool_compare.cc", "tool_input.cc", "frame.cc", "frame_lay.cc", "surface.cc", "surface_field.cc", "surface_pose.cc",
                  "press.cc", "press_camera.cc", "press_engrave.cc", "press_light.cc", "press_noise.cc", "press_rays.cc", "press_scene.cc", "press_sensor.cc", "press_specimen.cc", "press_view.cc"],
      "include_dirs": ["<(SHARED_INTERMEDIATE_DIR)"],
      "actions": [{
        "action_name": "embed_face_network",
        "inputs": ["embed.mjs", "face-network.onnx"],
        "outputs": ["<(SHARED_INTERMEDIATE_DIR)/face_network.h"],
        "action": ["node", "embed.mjs", "face-network.onnx", "kFaceNetwork", "<@(_outputs)"]
      }, {
        "action_name": "embed_mark_network",
        "inputs": ["embed.mjs", "mark-network.onnx"],
        "outputs": ["<(SHARED_INTERMEDIATE_DIR)/mark_network.h"],
        "action": ["node", "embed.mjs", "mark-network.onnx", "kMarkNetwork", "<@(_outputs)"]
      }],
      "libraries": ["-lopencv_core", "-lopencv_imgproc", "-lopencv_calib3d", "-lopencv_dnn"]
    },
    {
      "target_name": "relievo_peers",
      "sources": ["peers/addon.cc", "peers/keypoints.cc", "peers/hash.cc", "peers/correlation.cc", "peers/scan.cc"],
      "libraries": ["-lopencv_core", "-lopencv_imgproc", "-lopencv_features2d", "-lopencv_calib3d"]
    }
  ]
}
