# The AgentBudget server. docker build -t agentbudget-server .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet restore src/host/AgentBudget.Server/AgentBudget.Server.csproj --locked-mode
RUN dotnet publish src/host/AgentBudget.Server/AgentBudget.Server.csproj --no-restore --configuration Release --output /app -p:UseAppHost=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# The folder of an embedded ledger; mount a volume here to keep it.
RUN mkdir /ledger && chown $APP_UID /ledger
ENV AgentBudget__Sqlite__Path=/ledger \
    AgentBudget__Health__Address=http://0.0.0.0:8080
USER $APP_UID
# Health, other servers, clients. The last two are for a private network only.
EXPOSE 8080 11111 30000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["dotnet", "AgentBudget.Server.dll", "--check-health"]
ENTRYPOINT ["dotnet", "AgentBudget.Server.dll"]
