using Platform;

// A platform that runs its users' agents and bills them: three silos on PostgreSQL, workers in processes of their own, a bill that a stream
// writes, and a silo that is killed in the middle. Bill, tenant and sessions have to agree to the nano-dollar; otherwise it ends with 1.
//
//   dotnet run --project samples/Platform [--sessions 1000] [--charges 20]
//
// The database is $PLATFORM_DATABASE, a connection string; without one, a PostgreSQL of its own is started and removed again.
return args switch
{
    ["silo", var port, var gateway] => await SiloProcess.RunAsync(int.Parse(port), int.Parse(gateway)),
    ["worker", var first, var count, var charges] => await WorkerProcess.RunAsync(int.Parse(first), int.Parse(count), int.Parse(charges)),
    _ => await Run.MainAsync(Arguments.Parse(args)),
};
