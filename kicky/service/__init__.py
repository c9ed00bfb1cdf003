"""What a page or the command line may ask for: one function a question, plain values in and out, a module a subject.

`sessions`, `clips`, `films`, `shots` and `players` are what is kept, `work` is what goes on with it. About one shot are
`stage`, `kicks`, `balls`, `provenance`, `drawing` and `comparing`; about its goal and its phone `scenes`, `phones` and
`stating`; about many `saturdays`, `highlights`, `challenges` and `sharing`. `truth`, `boxes`, `exchange` and `dividing`
are what people say of clips, `evaluation` and `answered` how right the program was; `gallery` has the samples,
`judging` films that are not kept, `document` an answer as a document, `house` the rest. `coaching` and `teaching` are
those.

Everything here raises KickyError only. What needs pictures or arrays is imported inside functions, or lies in a module
that is: `bodies`, `briefs`, `flights`, `goals`, `intake`, `replays`, `stills`. A page that lists sessions must not wait
for OpenCV.
"""
